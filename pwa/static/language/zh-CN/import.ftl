# What taking spreadsheets in says: findings about rows, files that cannot be read, and the command's own lines.

## Lines of the command

import-level-refused = 未导入
import-level-notice = 提示
import-place-sheet = { $sheet }
import-place-column = { $sheet }「{ $column }」
import-place-row = { $sheet } 第 { $row } 行
import-place-cell = { $sheet } 第 { $row } 行「{ $column }」
import-finding = { $level } · { $place }：{ $reason }
import-more = ……{ $place }还有 { NUMBER($count) } 条同类提示：{ $like }
import-nothing-taken = { $file }：没有导入任何内容
import-summary = { $sheet }：新增 { NUMBER($taken) }，更新 { NUMBER($changed) }，未变 { NUMBER($unchanged) }，未导入 { NUMBER($refused) }
import-sum = 合计：新增 { NUMBER($taken) }，更新 { NUMBER($changed) }，未变 { NUMBER($unchanged) }，未导入 { NUMBER($refused) }，提示 { NUMBER($notices) } 条
import-progress = { $file } · { $sheet }
import-demo-accounts = 示范公司已就绪。所有账号的密码都是 { $password }：

## Headings of the file of findings

import-head-file = 文件
import-head-sheet = 工作表
import-head-row = 行
import-head-column = 列
import-head-level = 级别
import-head-code = 代码
import-head-reason = 原因

## Files that cannot be taken in

import-file-missing = 没有这个文件。
import-file-unreadable = 无法读取该文件（{ $why }）。
import-file-too-large = 文件过大：一次最多导入 { $limit } MiB，请拆分后分别导入。
import-file-empty = 文件是空的。
import-old-or-locked-workbook = 这是旧版 Excel 工作簿（.xls）或有密码保护的工作簿，请另存为不带密码的 .xlsx。
import-not-a-spreadsheet = 这不是表格文件，或文件已损坏。可以导入的是工作簿（.xlsx）和 CSV 文件。
import-too-many-cells = 工作簿内容过多：其中 { $part } 超过 { $limit } 个 XML 标签。请拆分后分别导入，或删除不需要的格式和空行。
import-line-too-long = 第 { $line } 行超过 { $limit } 个字符。请确认文件是否正确，每行应只有一条记录。
import-too-many-lines = 文件超过 { $limit } 行（含空行），请拆分后分别导入。
import-too-many-columns = 结束于第 { $line } 行的记录超过 { $limit } 列，请确认文件是否正确。
import-broken-csv = 第 { $line } 行不是正确的 CSV：缺少引号，或引号的位置不对。
import-unknown-encoding = 文件的文字编码既不是 UTF-8 也不是 GB18030，请另存为 CSV UTF-8。
import-too-many-rows = 有工作表超过 { $limit } 行，请拆分后分别导入。
import-nothing-recognised = 没有识别出任何工作表。工作表开头几行中须有表头，例如“客户编号”“客户名称”。
import-nobody-to-open-orders = 工单要以某个人的名义开立，而系统里还没有客服、主管、部门负责人或管理员。请先建立账号：undercroft add-person 用户名 --role service_desk
import-unknown-person = 没有名为 { $username } 的有效账号。
import-may-not-open-orders = { $username } 无权开立工单，须由办公室人员导入。
import-order-not-taken = 工单 { $number } 无法开立（{ $why }）。文件中排在它之前的内容已导入，再次导入该文件会从此处继续。
import-not-the-demonstration = 数据库里已有一家公司。示范公司只能导入空的数据库；请把 UNDERCROFT_DATA 设为另一个文件夹。
import-findings-not-written = 无法写出问题清单（{ $why }）。

## Sheets and columns

import-unknown-sheet = 表头无法识别，该工作表未导入。
import-not-yet-supported-table = 已识别为养护计划表，但本版本暂不能导入计划，该工作表的内容未导入。
import-missing-columns = 该工作表缺少列，未导入：{ $columns }。
import-unknown-column = 不认识这一列，已略过。

## Cells

import-value-missing = 单元格为空，而这一项必不可少。
import-cell-error = 单元格是表格错误值 { $value }，按空白处理。
import-text-cleaned = { $breaks ->
    [0] 已去掉文字前后的空白。
   *[other] 文字中有换行，已保留；文字前后的空白已去掉。
}
import-text-too-long = 文字有 { $length } 个字符，最多保留 { $limit } 个。
import-not-a-number = “{ $value }”不是数字。
import-number-negative = { $value } 小于零。
import-unknown-moment = “{ $value }”不是“到达”“处理中”“结束”之一，按“到达”处理。
import-not-yes-or-no = “{ $value }”既不是“是”也不是“否”，按“否”处理。
import-duplicate-number = “{ $value }”在第 { $first } 行已出现，以先出现的为准。

## Dates and times

import-date-not-understood = 看不懂日期“{ $value }”，请写成 2026-11-22 09:05 的样子。
import-date-impossible = “{ $value }”是不存在的日期或时间。
import-year-missing = “{ $value }”没有写年份，同一行里也无从得知。
import-year-from-window = “{ $value }”没有写年份，按预约开始时间读作 { $read }。
import-time-missing = “{ $value }”没有写时刻，按零点处理。
import-unusual-date-form = “{ $value }”与本列其他日期的写法不同，读作 { $read }。
import-window-half = 预约时间只写了一头。
import-window-reversed = 预约结束不晚于预约开始（{ $start }）。
import-reported-after-window = 报修时间晚于预约开始（{ $start }）。
import-accepted-before-completed = 验收日期早于竣工日期（{ $completed }），两个日期都已保留。

## Customers, sites and assets

import-unknown-customer = 没有客户 { $number }。
import-unknown-site = 没有地点 { $number }。
import-unknown-asset = 没有设备 { $number }。
import-site-of-another-customer = 地点 { $number } 属于客户 { $owner }。
import-asset-at-another-site = 设备 { $number } 在地点 { $place }。
import-unknown-contract = 服务规则里没有合同“{ $value }”，客户已导入，合同留空。
import-unknown-warranty-card = “{ $value }”看不出保修卡在不在，留空待定。
import-phone-doubtful = “{ $value }”不像电话号码，已照原样保留。
import-phone-differs = { $value } 与客户档案中的号码（{ $known }）不同，两个都已保留。
import-phone-of-another = { $value } 也是客户 { $number } 的号码，已照原样保留；请核对是不是同一客户。
import-coordinates-swapped = 纬度 { $latitude } 和经度 { $longitude } 像是写反了。地点已导入，位置留空；请改正后再导入。
import-coordinates-missing = 缺少坐标。地点已导入，位置留空。
import-coordinates-impossible = 纬度 { $latitude }、经度 { $longitude } 不可能是地点所在。地点已导入，位置留空。
import-datum-missing = 没有写明坐标系（WGS-84、GCJ-02 或 BD-09）。位置已保留；在写明之前，到达位置无法精确判断。
import-unknown-datum = 不认识坐标系“{ $value }”。位置已保留；在写明之前，到达位置无法精确判断。
import-radius-impossible = 到达半径不可能是 { $value } 米；新地点按 { $usual } 米。
import-radius-missing = 没有写到达半径；新地点按 { $usual } 米。

## Work orders

import-unknown-technician = 没有人员 { $name }。
import-not-a-technician = { $name } 不是在岗的维修员。
import-unknown-channel = 不认识报修渠道“{ $value }”，留空。
import-unknown-priority = 不认识紧急程度“{ $value }”。
import-order-differs = 这张工单已经存在，保持原样。文件中不同的有：{ $columns }。

## Parts, warranty terms and checklists

import-price-impossible = { $value } 不是精确到分的价格。
import-stock-negative = 库存小于零（{ $value }），已照原样导入。
import-stock-kept = 库存此后已有变动，保留 { $stock }。
import-term-impossible = 保修年限不可能是 { $value } 年。
import-unknown-term-start = “{ $value }”看不出保修从何时起算。
