# 维修服务单：客户阅读并签字的内容，以及据此打印的纸面文字。
# 服务单里的每一项都有 report- 加该项名称（下划线改为连字符）。

## 服务单

report-title = 维修服务单
report-page = 第 { $page } 页，共 { $pages } 页
report-number = 单号
report-kind = 类别
report-customer = 客户
report-site = 地点
report-asset = 设备
report-serial = 序列号 { $serial }
report-reported-at = 报修时间
report-arrived-at = 到达
report-departed-at = 离开
report-technician = 服务人员
report-fault = 报修内容
report-requests = 客户要求
report-cause = 原因
report-diagnosis = 诊断
report-work-done = 处理方法
report-language = 客户所读语言
report-warranty-until = 保修至
report-charge = 费用
report-other = 其他内容
report-nothing = 无

## 用料、工时与费用

report-materials = 用料
report-labour = 工时
report-column-item = 项目
report-column-quantity = 数量
report-column-unit-price = 单价
report-column-amount = 金额
report-part = 配件号 { $part }
report-source = { $source }提供
report-line = { $what }：{ $quantity } × { $price } = { $amount }
report-no-lines = 没有用料和工时
report-subtotal = 小计
report-charged-materials = 用料应付
report-charged-labour = 工时应付
report-reduction = 减免
report-total = 应付
report-due = 应付 { $total }
report-covered-yes = 免费
report-covered-no = 收费
report-covered-unknown = 是否在保尚未确定
report-why-free-warranty = 保修期内，免收费用
report-why-free-supplier = 产品原因，免收费用
report-why-customer-cause = 客户使用原因，收取费用
report-why-out-of-warranty = 已过保修期，收取费用
report-why-coverage-unknown = 是否在保尚未确定，以下为不在保时的费用
report-why-percents = 用料按 { $materials }%，工时按 { $labour }% 计
report-price-rule = 计价规则 { $rule }
report-currency = 币种 { $currency }
report-in-language = 语言 { $language }

# 计价规则和规范在单据上的说法；公司自己的规则按其自己的名字显示。

price-rule-full = 收取材料费和人工费
price-rule-parts-at-70-percent = 配件按市场价的70%收取，人工照收
price-rule-parts-at-cost = 配件只收采购成本，免人工费
norm-s04 = 工程项目售后服务制度
norm-s07 = 工程项目售后服务方案
norm-s11 = 售后服务与技术支持
norm-s13 = 售后服务承诺
norm-s14 = 售后服务保证
norm-s19 = 售后服务内容及措施
norm-s20 = 项目售后服务方案

## 签字

report-signature = 客户签字
report-signature-alt = { $name } 的手写签名
report-no-strokes = 没有笔迹
report-signer = 签字人
report-signed-at = 签字时间
report-rating = 满意度
report-rating-score = { $score } 分（满分 5 分）
report-rating-none = 未评价
report-consent = 本人已阅读以上维修服务单，内容属实，同意签字。
report-rating-1 = 很不满意
report-rating-2 = 不满意
report-rating-3 = 一般
report-rating-4 = 满意
report-rating-5 = 很满意

## 证明

report-proof = 证明
report-digest = 所签文字的 SHA-256
report-digest-differs = 注意：所附文字与签字时的摘要不符，此单不能作为凭证。
report-not-readable = 所签内容不是可分项的服务单，原文如下。
report-signed-between = 最早 { $earliest }，最晚 { $latest }
report-signed-before = 最晚 { $latest }
report-signed-unknown = 没有时间记录
report-grade-corroborated = 有佐证
report-grade-claimed = 仅为手机自报
report-grade-contradicted = 与佐证矛盾
report-how-to-check = 本单全部由客户签字时所读的文字排成。扫描二维码，可核对摘要与签名是否属实。
report-signs-as-codes = 本单显示不了的字符，写成它的编码，如 { $code }（Unicode 编号）。客户签的是原来的字符。
report-link-alt = 核对链接的二维码

## 扫描单上二维码打开的页面

report-check-title = 这张维修服务单是否属实？
report-check-genuine = 属实
report-check-genuine-detail = 单上的摘要属于工单 { $number }。具有此摘要的文字是在本公司的手机上签署的，签名与记录链完整。
report-check-broken = 无法证实
report-check-broken-detail = 单上的摘要属于工单 { $number }，但签署记录不完整。请咨询该公司。
report-check-unknown = 查无此单
report-check-unknown-detail = 本公司没有摘要相符的已签维修服务单。请与单上的摘要和网址核对，或咨询该公司。
report-check-superseded = 签字之后工单有过改动。客户所签的内容以单上文字为准。
report-check-signed = 签署时间
