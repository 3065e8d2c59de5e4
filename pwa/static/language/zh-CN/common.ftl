# Words that every room uses: stages, kinds, roles and the like.
# An id is the word of the document with dashes for underscores, after the name of its group.

## Stages of the work in the field

stage-new = 未接单
stage-accepted = 已接单
stage-en-route = 途中
stage-on-site = 已到达
stage-working = 处理中
stage-paused = 暂停
stage-finished = 已完工
stage-unable = 未能完成

## Kinds of work order

kind-repair = 维修
kind-installation = 安装调试
kind-acceptance = 验收
kind-maintenance = 保养
kind-inspection = 巡检
kind-survey = 勘测
kind-return-visit = 回访

## Roles

role-technician = 维修员
role-supervisor = 主管
role-service-desk = 客服
role-inspector = 监察员
role-manager = 部门负责人
role-admin = 管理员

## Priorities

priority-low = 低
priority-normal = 普通
priority-high = 高
priority-urgent = 紧急

## Dispositions: whether the office still wants the job

disposition-active = 有效
disposition-on-hold = 暂缓
disposition-cancelled = 已取消

## Causes

cause-supplier = 产品质量
cause-workmanship = 施工质量
cause-customer = 客户使用
cause-wear = 自然损耗
cause-unknown = 尚未判明

## Purposes of a photo

purpose-fault = 故障
purpose-before = 处理前
purpose-during = 处理中
purpose-after = 处理后
purpose-part = 配件
purpose-nameplate = 铭牌
purpose-document = 单据

## Where a material came from

source-van = 随车
source-warehouse = 仓库
source-bought = 现买
source-customer = 客户自备

## Who signs

signer-owner = 业主
signer-tenant = 租户
signer-property-manager = 物业

## Why nobody signed

refusal-absent = 客户不在场
refusal-refused = 客户拒绝签字

## Channels by which a fault was reported

channel-phone = 电话
channel-web = 网页
channel-wechat = 微信
channel-email = 邮件
channel-visit = 上门
channel-field = 现场
channel-technician = 维修员

## Review

review-none = 未审核
review-pending = 待审核
review-approved = 已通过
review-returned = 已退回

## Verdicts on an arrival

verdict-verified = 已核实
verdict-contradicted = 有矛盾
verdict-unproven = 未证实

## Punctuality

punctual-on-time = 准时
punctual-late = 迟到
punctual-unproven = 无法证实
punctual-no-deadline = 无期限

## Places

place-inside = 在现场范围内
place-outside = 在现场范围外
place-unclear = 位置不够确定

## Grades of a time

grade-corroborated = 有佐证
grade-claimed = 仅自称
grade-contradicted = 有矛盾
grade-proven = 已证明

## Content of a photo on the server

photo-state-missing = 等待照片
photo-state-preview = 预览已送达
photo-state-stored = 已安全送达
photo-state-rejected = 内容被拒绝
photo-state-lost = 已丢失
checklist-only-zh-CN = 这份检查表只有中文。
checklist-only-en = 这份检查表只有英文。

## Signatures

signature-intact = 未改动
signature-superseded = 签后有改动
signature-broken = 校验不符

## Answers

answer-pass = 合格
answer-fail = 不合格
answer-not-applicable = 不适用
answer-done = 已完成

## Durations, as remaining or elapsed time

duration-now = 不到 1 分钟
duration-minutes = { NUMBER($minutes) } 分钟
duration-hours = { $minutes ->
    [0] { NUMBER($hours) } 小时
   *[other] { NUMBER($hours) } 小时 { NUMBER($minutes) } 分
}
duration-days = { $hours ->
    [0] { NUMBER($days) } 天
   *[other] { NUMBER($days) } 天 { NUMBER($hours) } 小时
}
duration-seconds = { NUMBER($seconds) } 秒

## Sizes

size-bytes = { NUMBER($value) } B
size-kilobytes = { NUMBER($value) } KB
size-megabytes = { NUMBER($value, minimumFractionDigits: 1, maximumFractionDigits: 1) } MB
size-gigabytes = { NUMBER($value, minimumFractionDigits: 1, maximumFractionDigits: 1) } GB

## The installed app

app-name = Undercroft 现场服务
app-short-name = Undercroft
app-description = 没有信号也能处理工单、拍照和签字。

## Reasons why work is paused or cannot be done

stage-reason-waiting-parts = 等配件
stage-reason-waiting-customer = 等客户
stage-reason-no-access = 进不了现场
stage-reason-other-order = 先去处理别的工单
stage-reason-off-hours = 收工，改日继续
stage-reason-customer-absent = 客户不在
stage-reason-not-repairable = 修不好，需更换
stage-reason-unsafe = 现场不安全
stage-reason-wrong-address = 地址不对
stage-reason-beyond-skill = 需要别的专业

## Figures that people type, and what is said beside one that is not taken

figure-not-a-number = 请用数字填写，例如 2.5
figure-points = 小数点只能有一个，例如 2.5
figure-comma = 请不要用逗号，例如 2.5 或 1250
figure-unit = { $unit ->
    [none] 这里只填数字，不带单位
   *[other] 这里的单位是“{ $unit }”，请只填数字
  }
figure-places = { $places ->
    [0] 请填整数
   *[other] 小数点后最多 { $places } 位
  }
figure-above-zero = 请填大于 0 的数，例如 2.5
figure-least = 最小 { NUMBER($least) }
figure-most = 最大 { NUMBER($most) }
# How an amount of money may be written, with blanks between.
figure-money-units = 元 块 ¥ RMB CNY
