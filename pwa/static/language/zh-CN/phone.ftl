# What the technician and, while signing, the customer read on the phone.

## The frame: state, tabs, words on every screen

phone-reach-reached = 有信号
phone-reach-unknown = 尚未联系服务器
phone-reach-offline = 无信号
phone-reach-silent = 有信号，服务器没应答
phone-reach-portal = 网络要求先登录
phone-reach-faulty = 服务器出错
phone-reach-silent-about = 有信号，但服务器没有应答。请稍后再试，或换一个网络；如果这是要登录的 Wi-Fi，请先在浏览器里登录它。
phone-reach-portal-about = 应答的不是服务器，而是网络自己的网页：这个网络要求先登录。请在浏览器里登录它，或改用手机流量。
phone-reach-faulty-about = 能连到服务器，但它现在出错，没有收下。稍后再试；一直这样请告诉办公室。
phone-state-waiting = { NUMBER($count) } 项待发送 · 全部已存手机
phone-state-sending = 正在发送 · 还剩 { $size }
phone-state-all-safe = 全部已送达 { $at }
phone-state-nothing-yet = 没有待发送的内容
phone-state-unreadable = 读不到手机里的数据
phone-unreadable = 手机的存储没有回应，暂时读不到手机里的数据，新内容也存不下。数据没有被删。请把应用完全关掉再打开；屏幕上还没存的内容，先抄下来。
phone-browser-loses = 这个浏览器没有留住收到的内容：服务器发来的 { $count } 份资料在这台手机里找不到，屏幕上看到的可能不全。请先把未发送的发出去，再换一个浏览器打开，不要用无痕窗口。
phone-tabs = 主要页面
phone-tab-today = 今天
phone-tab-today-new = 今天 { NUMBER($count) }
phone-tab-outbox = 同步
phone-tab-outbox-waiting = 同步 { NUMBER($count) }
phone-tab-me = 我的
phone-back = 返回
phone-close = 关闭
phone-done = 好
phone-add = 添加
phone-undo = 撤销
phone-remove = 移除
phone-remove-named = 移除 { $name }
phone-removed = 已移除
phone-search = 搜索
phone-saved = 已存到手机
phone-saved-arrival = 到达已存到手机
phone-saved-departure = 离开已存到手机
phone-waiting = { NUMBER($count) } 项未发送
phone-somebody = 某位同事
phone-list-joint = 、
phone-language-name = 中文
phone-less = { $name }：少一个
phone-more = { $name }：多一个
phone-quantity = { $name }：数量
phone-metres = { NUMBER($metres) } m
phone-kilometres = { NUMBER($kilometres) } km
phone-north = 北
phone-field-typing = 草稿已留，离开此栏即保存
phone-field-unkept = 没有存下，只在屏幕上
phone-new-version = 新版本已准备好，手机里的内容不受影响。
phone-new-version-take = 更新
phone-trouble = 打不开手机里的数据
phone-trouble-slow = 打开手机里的数据比平时久
phone-trouble-slow-about = 数据还在手机里，没有丢。应用在等，打开后会自动继续。
phone-trouble-gone-about = 手机没有把数据交给应用。数据没有被删，应用会一直再试，打开后自动继续。
phone-trouble-tabs = 关掉这个应用的其他页面和窗口
phone-trouble-restart = 还不行：把应用完全关掉再打开，或重启手机
phone-trouble-keep = 千万不要清除浏览器数据，也不要卸载应用
phone-trouble-again = 再试一次
phone-trouble-forbidden = 这个浏览器不让应用在手机里存任何东西，所以什么也不能记录。请用普通窗口打开，或在浏览器设置里允许此网站存储数据。
phone-clock-behind = 手机时钟比服务器慢 { $time }。照常记录，不受影响；这里显示的时间已按服务器校正。请在手机设置里打开自动设置时间。
phone-clock-ahead = 手机时钟比服务器快 { $time }。照常记录，不受影响；这里显示的时间已按服务器校正。请在手机设置里打开自动设置时间。

## Signing in

phone-wrong-passwords = 自您上次登录以来，有人用错误密码尝试登录您的账号 { $count } 次。如果不是您本人，请告诉主管。
phone-sign-in = 登录
phone-signing-in = 正在登录…
phone-sign-in-about = 第一次登录需要信号，之后没有信号也能用。
phone-sign-in-ended = 登录已被结束：密码已更改、账号已停用，或登录已全部结束。请重新登录；若仍被拒绝，请联系管理员。已记录的都在手机里，不会丢。
phone-sign-in-again = 请重新登录，内容才能继续发送。已记录的都在手机里，不会丢。
phone-ended-password-changed = 密码已更改。请用新密码登录；已记录的都还在手机里，登录后就会发送。
phone-ended-account-closed = 账号已停用。请联系管理员；已记录的都还在手机里，可以在“同步”里导出文件交回。
phone-ended-ended = 管理员结束了您的全部登录。请重新登录；已记录的都还在手机里，登录后就会发送。
phone-ended-ended-by-self = 您自己在另一台手机或浏览器上结束了这台手机的登录。请重新登录；已记录的都还在手机里，登录后就会发送。如果不是您本人操作，请更改密码。
phone-sign-in-offline = 现在没有信号，登录要等有信号的地方。
phone-username = 用户名
phone-password = 密码
phone-name = 这台手机的名字
phone-name-give = 给这台手机起个名字（可不填）
phone-name-change = 改名
phone-name-about = 您和办公室靠这个名字认出这台手机，例如“车上的备用机”。
phone-name-save = 保存
phone-name-changed = 名字已更改
phone-name-unclear = 没有收到回复，名字可能已更改，也可能没有。请再试一次。
phone-sign-in-later = 登录已失效，照常记录即可。到有信号的地方再输入密码，内容才能发送。
phone-sign-in-demonstration = 这是演示系统，账号的密码人人都知道，请不要记录任何真实内容。
phone-sign-in-private = 请不要用无痕（隐私）窗口：关掉窗口，没发送的内容就没有了。
phone-still-unreadable = { $name }在这台手机里的内容现在读不出来，还有没有未发送的，不知道。
phone-still-unsent = { $name }还有 { NUMBER($count) } 项没有发送，仍在这台手机里。任何人在这里登录并联网时就会送出。
phone-left = 这台手机里有{ $name }的、服务器还没有的内容：记录 { NUMBER($lines) } 项，照片 { NUMBER($photos) } 张，工单 { NUMBER($orders) } 张。
phone-left-unknown-person = 服务器上没有这个编号的人。管理员说明这是谁之前，内容安全地留在这里。
phone-left-account-closed = 账号已停用。重新启用之前，内容安全地留在这里。
phone-left-gap = 需要{ $name }在这台手机上登录才能送出。
phone-left-fork = 需要{ $name }在这台手机上登录才能送出。
phone-left-own-hand = 需要{ $name }在这台手机上登录：其中有些只能由本人送出。
phone-left-orders = 需要{ $name }在这台手机上登录：服务器丢失了这些工单，只能由本人交还。
phone-left-mine = 这是我以前记的
phone-left-mine-told = 服务器恢复到了添加您之前，给了您新的编号。如果这些是您记的，请说明：会询问管理员，然后送出。
phone-left-mine-asked = 正在询问管理员这是不是您的。在此之前内容安全地留在这里。
phone-left-mine-refused = 管理员说这不是您的。内容安全地留在这里，请与管理员联系。
phone-cleared = 浏览器清掉了{ $name }在这台手机里的数据。
phone-cleared-safe = 最后一次确认全部送达：{ $at }。
phone-cleared-nothing = 最后记下的状态是：没有未送达的内容。
phone-cleared-waiting = 最后记下的状态是：还有 { NUMBER($count) } 项没有送达，很可能已经丢失。请告诉办公室。
phone-cleared-unknown = 是否有没送达的内容，现在查不到了。请告诉办公室。
phone-cleared-again = 重新登录后，工单会从服务器回来。
phone-window-forgets = 这是无痕（隐私）窗口，关掉后什么都不留。这里只能查看，不能记录；请在普通窗口打开。

## Today

phone-today-title = 今天
phone-today-search-hint = 单号、姓名、地址、序列号、拼音
phone-today-found = 找到 { NUMBER($count) } 单
phone-today-count = { NUMBER($count) } 单
phone-today-earlier = 前几天未完成
phone-today-done = 已完工
phone-today-away = 已转走
phone-today-done-safe = { NUMBER($count) } 单 · 全部已送达
phone-today-done-waiting = { NUMBER($count) } 单 · { NUMBER($waiting) } 项未发送
phone-today-none = 今天没有工单
phone-today-none-hint = 有信号时新工单会自动出现。
phone-today-last-contact = 上次联系服务器：{ $at }。
phone-today-never = 还没有联系过服务器。
phone-window = { $start }–{ $end }
phone-window-day = { $day } { $start }–{ $end }
phone-window-none = 未约时间
phone-arrive-by = 到场期限 { $at }
phone-arrived-at = 已到 { $at }
phone-deadline-left = 还有 { $time }
phone-deadline-over = 已超 { $time }

## Order

phone-order-step = 进度：{ $stage }
phone-order-call = 拨打
phone-order-map = 地图
phone-order-no-contact = 没有联系人
phone-order-no-site = 没有地点
phone-order-access = 进场：
phone-order-fault = 报修内容
phone-order-requests = 业主要求
phone-order-instructions = 办公室交代
phone-order-asset = 设备
phone-order-jobs = 同机维修 { NUMBER($count) } 次
phone-order-arrival = 到达
phone-order-departure = 离开
phone-order-doors = 照片、用料与检查表
phone-order-cause = 原因
phone-order-diagnosis = 诊断
phone-order-diagnosis-hint = 查明了什么
phone-order-work-done = 处理方法
phone-order-work-done-hint = 怎么修的，结果如何
phone-order-phone = 联系电话
phone-order-signed = 客户签字
phone-order-not-signed = 没有签字
phone-order-see-report = 查看维修服务单
phone-order-cancelled = 办公室已取消这一单。已经记录的都会保留。
phone-order-on-hold = 办公室暂缓了这一单。
phone-news-title = 办公室的新安排
phone-news-all-seen = 都知道了
phone-news-returned = 已退回
phone-news-returned-no-reason = 审核退回，没有写原因。
phone-news-assigned = 新派给你
phone-news-planned = 安排有变：{ $window }
phone-news-cancelled = 已取消
phone-news-on-hold = 已暂缓
phone-news-resumed = 恢复处理
phone-news-decided-applied = { $kind }：主管已采用
phone-news-decided-dismissed = { $kind }：主管未采用
phone-order-returned = 审核退回，请补充：
phone-order-conflict = 计划两边都改了，由办公室定夺
phone-order-unknown = 找不到这一单
phone-order-unknown-hint = 它可能已改派给别人，或已归档。
phone-order-given = 这一单已转给{ $name }
phone-order-given-away = 这一单已改派给别人
phone-order-taken-back = 办公室收回了这一单，还没有派给别人
phone-order-withdrawn = 这一单已取消
phone-order-left-about = 已经开始的可以做完，照样会送达。今天内在“今天”页还查得到。
phone-verdict-later = 待核实
phone-place-line = 距现场 { NUMBER($distance) } m，误差 ±{ NUMBER($accuracy) } m
phone-place-line-old = 距现场 { NUMBER($distance) } m，误差 ±{ NUMBER($accuracy) } m；定位已旧，按 ±{ NUMBER($counts) } m 计
phone-place-distance = 距现场 { NUMBER($distance) } m
phone-place-counts = 定位已旧，按 ±{ NUMBER($accuracy) } m 计
phone-accuracy-line = 误差 ±{ NUMBER($accuracy) } m
phone-door-photos = 照片 { NUMBER($count) }
phone-door-materials = 用料 { NUMBER($count) }
phone-door-checklist = 检查 { NUMBER($answered) }/{ NUMBER($total) }
phone-order-place = 地点和联系人
phone-conduct-arrival = 到达
phone-conduct-work = 处理中
phone-conduct-end = 结束

## The next fact

phone-next-accept = 接单
phone-next-set-off = 出发
phone-next-arrive = 到达现场
phone-next-start = 开始处理
phone-next-sign = 完工，请客户签字
phone-next-resume = 继续处理
phone-next-depart = 离开现场
phone-depart-asking = 正在定位，几秒钟后自动登记离开…
phone-depart-now = 不等定位，现在登记
phone-depart-stay = 还没离开
phone-pause = 暂停（待件…）
phone-unable = 未能完成
phone-paused-why = 为什么暂停？
phone-unable-why = 为什么未能完成？
phone-reason-own = 其他原因
phone-paused-so = 按此原因暂停
phone-unable-so = 按此原因结束
phone-unable-mistaken = 报错了，继续处理
phone-blocked-title = 还不能完工
phone-blocked = 检查表还有 { NUMBER($count) } 项必填没有回答，回答后才能完工。
phone-blocked-go = 去填检查表

## Warranty and charge

phone-warranty = 保修
phone-warranty-covered = 在保
phone-warranty-over = 已过保
phone-warranty-unknown = 是否在保未知
phone-warranty-until = 至 { $date }
phone-warranty-ended = { $date } 到期
phone-warranty-term = { NUMBER($months) } 个月，{ $begins } { $date }
phone-begins-acceptance = 自验收
phone-begins-day-after-acceptance = 自验收次日
phone-begins-completion = 自竣工
phone-begins-card-lost = 保修单遗失，自竣工
phone-warranty-no-asset = 没有登记设备
phone-warranty-no-dates = 没有验收或竣工日期
phone-warranty-no-term = 没有适用的保修条款
phone-charge = 应付
phone-charge-market = 市价 { $amount }
phone-charge-free-warranty = 在保，不收费
phone-charge-free-supplier = 产品质量问题，不收费
phone-charge-customer-cause = 客户使用所致，收费：用料 { NUMBER($materials) }%，工时 { NUMBER($labour) }%
phone-charge-out-of-warranty = 已过保，收费：用料 { NUMBER($materials) }%，工时 { NUMBER($labour) }%
phone-charge-coverage-unknown = 是否在保未知，暂按用料 { NUMBER($materials) }%、工时 { NUMBER($labour) }% 计
phone-free = 不收费
phone-total = 应付 { $amount }

## Arrive

phone-arrive-title = 到达现场
phone-arrive-register = 登记到达
phone-arrive-fresh = 刚刚定位，误差 ±{ NUMBER($accuracy) } m
phone-arrive-old = 最后一次定位：{ $age }前，误差 ±{ NUMBER($accuracy) } m
phone-arrive-soon-old = 定位正在变旧，请现在登记。再过一会儿就证明不了人在现场。
phone-arrive-too-old = 定位已旧，证明不了人在现场。到能定位的地方等几秒，或直接登记，会如实注明。
phone-arrive-looking = 正在定位…
phone-arrive-without = 没有位置也可以登记，会注明原因。
phone-arrive-no-site = 现场没有坐标
phone-arrive-drawing = 离现场 { NUMBER($distance) } 米，误差 { NUMBER($accuracy) } 米，现场半径 { NUMBER($radius) } 米
phone-arrive-drawing-none = 现场半径 { NUMBER($radius) } 米，还没有定位
phone-arrive-radius = 现场半径 { NUMBER($radius) } m
phone-arrive-door = 在门口拍一张照片
phone-arrive-door-hint = 铭牌或门牌，位置更可信
phone-arrive-unreached = 连不上服务器也可以登记。时间和位置现在写入手机，连上后自动发送。
phone-arrive-offline = 没有信号也可以登记。时间和位置现在写入手机，上来后自动发送。
phone-position-denied = 没有允许定位
phone-position-unavailable = 定位不到
phone-position-timeout = 定位超时
phone-position-unusable = 手机给的位置不能用

## Before leaving: what will be hard to believe later, and what helps

phone-weak-title = 离开前还可以补
phone-weak-no-arrival = 还没有登记到达，以后证明不了到过现场。请登记到达。
phone-weak-no-position = { $why ->
    [denied] 到达时没有允许定位，证明不了人在现场。请允许定位，到门口再登记一次，或拍下铭牌。
   *[other] 到达时没有定位，证明不了人在现场。请到门口再登记一次，或拍下铭牌。
}
phone-weak-outside = 登记的位置距现场 { NUMBER($distance) } m，在现场范围外。请到门口再登记一次，或拍下铭牌。
phone-weak-old-fix = 登记时用的是 { $age }前的定位，只能按 ±{ NUMBER($accuracy) } m 计。请到门口再登记一次，或拍下铭牌。
phone-weak-unclear = 登记的位置误差 ±{ NUMBER($accuracy) } m，看不出是否在现场。请到门口再登记一次，或拍下铭牌。
phone-weak-no-site-position = 现场没有坐标，位置无从比较。拍下铭牌或门牌会有帮助。
phone-weak-clock-unmet = 手机还没有从服务器得到过时间，什么时候到的只能由手机自称。有信号时请先联系一次。
phone-weak-clock-moved = 手机时钟被改动了 { $time }，时间可能证明不了。请打开自动设置时间，有信号时联系一次。
phone-weak-clock-apart = 手机时钟与服务器差 { $time }。请打开自动设置时间，有信号时联系一次。
phone-weak-no-photo = 还没有照片。处理后的照片最能说明做了什么。
phone-weak-no-signature = 客户还没有签字，也没有写明原因。
phone-weak-signature-superseded = 签字之后工单改过，所签的不再是现在的内容。可以请客户重新签字。
phone-weak-do-arrive = 再登记到达
phone-weak-do-nameplate = 拍铭牌
phone-weak-do-photo = 去拍照
phone-weak-do-sign = 去签字
phone-weak-do-send = 现在联系

## Photos

phone-photos-title = 照片
phone-photos-take = 拍照
phone-photos-choose = 从相册选择
phone-photos-none = 还没有照片。选好用途，连续拍几张都可以。
phone-photo-purpose = 照片用途
phone-photo-saved = 照片已存到手机
phone-photo-removed = 照片已移除
phone-photo-here = 在手机里，等待发送
phone-photo-here-short = 存手机
phone-photo-sending = 正在发送 { $percent }
phone-photo-delivered = 已送达服务器
phone-photo-safe = 已送达
phone-photo-awaited = 尚未送达
phone-photo-nowhere = 服务器和这台手机上都没有
phone-photo-nowhere-short = 缺失
phone-photo-unreadable = 这台手机读不出这张照片了，所以发不出去
phone-photo-unreadable-short = 读不出来
phone-photo-unreadable-helps = 请从相册再选一次同一张照片，或在工单里把它移除
phone-photo-rejected = 被拒绝
phone-photo-caption = 说明
phone-photo-caption-hint = 只写给下一张照片
phone-camera = 相机
phone-camera-take = 拍照
phone-camera-taken = 已存 { NUMBER($count) } 张
phone-camera-saving = 正在存 { NUMBER($count) } 张
phone-photos-failed = 有 { NUMBER($count) } 张照片没有存下
phone-photo-of-camera = { $at } 拍的
phone-photo-failed-sign = ：
phone-photos-failed-read = 知道了
phone-photos-rejected = 服务器没有收下的照片
phone-photos-rejected-count = 有 { NUMBER($count) } 张照片服务器没有收下
phone-photo-words = 改说明
phone-photo-words-kept = 原来的用途和说明留在工单历程里。
phone-photo-words-save = 保存
phone-camera-last = 刚拍的照片
phone-unkept-title = 照片没有存下
phone-unkept-why = 手机空间已满，{ NUMBER($count) } 张照片没有存下，现在只在屏幕上，关掉应用就没有了。请先发送或导出，或删掉手机里别的文件，再试一次。
phone-unkept-not-kept = { NUMBER($count) } 张照片没有存下，现在只在屏幕上，关掉应用就没有了。请先别关，再存一次。
phone-unkept-unexpected = 存的时候出了没想到的错；还是存不下，请先把照片存成文件，再告诉办公室。
phone-unkept-database-gone = 手机的存储没有回应；还是存不下，请先把照片存成文件，再把应用关掉重开，从相册选回来。
phone-unkept-database-slow = 手机的存储很久没有回应，请稍等再试。
phone-unkept-app-outdated = 这台手机上有更新的版本正在使用：请先把照片存成文件，再刷新，从相册选回来。
phone-unkept-window-forgets = 无痕（隐私）窗口什么都不留：请先把照片存成文件，再到普通窗口里从相册选回来。
phone-unkept-text = 文字占地方小，还可以照常填写。
phone-unkept-elsewhere = { NUMBER($count) } 张照片没有存下，只在屏幕上。去处理
phone-unkept-again = 再存一次
phone-unkept-send = 先发送，再存
phone-unkept-file = 存成文件
phone-unkept-drop = 放弃
phone-draft-unkept = 手机空间已满，刚才输入的文字没有存下，只在屏幕上，关掉应用就没有了。请先发送，或删掉手机里别的文件。
phone-draft-not-kept = 刚才输入的文字没有存到手机里，只在屏幕上，关掉应用就没有了。请再存一次。
phone-leaving-title = 输入的文字还没有存下
phone-leaving-why = 这些文字只在屏幕上。离开这一页，回来还在；关掉应用就没有了。
phone-leaving-stay = 留在这里
phone-leaving-go = 仍然离开

## Materials and labour

phone-materials-title = 用料与工时
phone-materials = 配件
phone-material-search = 名称、配件号、拼音
phone-material-found = 找到 { NUMBER($count) } 种配件
phone-material-more = 找到 { NUMBER($count) } 种，只列出前 { NUMBER($shown) } 种，请再输入几个字
phone-material-added = { $name } 已添加
phone-material-other = 目录外
phone-source = 来源
phone-stock = { $place } { $quantity } { $unit }
phone-used-material = 本单用料
phone-used-material-none = 还没有用料
phone-used-labour = 工时
phone-used-labour-none = 还没有工时
phone-labour-add = 添加工时
phone-labour-name = 维修项目
phone-labour-method = 处理方法
phone-line-name = 名称
phone-line-quantity = 数量
phone-line-unit = 单位
phone-line-price = 单价（元）
phone-unit-piece = 个
phone-unit-hour = 小时

## Checklist

phone-checklist-title = 检查表
phone-checklist-progress = 已回答 { NUMBER($answered) } / { NUMBER($total) } 项
phone-checklist-none = 这一单没有检查表
phone-checklist-required = 必填
phone-checklist-range = { $low } 至 { $high }
phone-checklist-outside = 超出允许范围
phone-checklist-answer = 填写

## Signing, with the technician

phone-sign-title = 维修服务单
phone-sign-hand-over = 把手机交给客户签字
phone-sign-refuse = 客户不在 / 拒签
phone-sign-done = 客户已签字。以下就是所签的内容。
phone-sign-changed = 签字之后工单改过：{ $what }。需要时请客户重新签字。
phone-sign-text-signed = 签过的内容
phone-sign-text-now = 现在的内容
phone-sign-language = 客户看哪种语言
phone-sign-no-arrival = 还没有登记到达，服务单上没有到达时间。
phone-sign-no-diagnosis = 诊断还空着。
phone-sign-no-work-done = 处理方法还空着。
phone-sign-left = 这一单在客户阅读时离开了这台手机，可能已改派或取消。没有签字。
phone-refuse-title = 为什么没有签字？
phone-refuse-comment = 补充说明
phone-refuse-photo = 拍一张现场照片作为凭据（已有 { NUMBER($count) } 张）
phone-refuse-finish = 不签字，完工

## Signing, with the customer

phone-sign-please = 请阅读并签字
phone-sign-rating = 满意吗？
phone-sign-stars = { NUMBER($score) } 星
phone-sign-comment = 可以写一句话
phone-sign-name = 您的姓名
phone-sign-name-missing = 请填写姓名
phone-sign-name-known = 我是{ $name }
phone-sign-role-missing = 请选择您的身份
phone-sign-unrated = 不评价
phone-sign-rating-missing = 请选几颗星，或选“不评价”
phone-sign-go = 去签字
phone-sign-role = 您是
phone-sign-consents = 签字表示：{ $consent }
phone-sign-read = 我已阅读，下一步
phone-sign-wrong = 有不对的地方
phone-sign-not-now = 先不签
phone-sign-wrong-what = 哪里不对？师傅会看到。
phone-sign-wrong-say = 告诉师傅
phone-sign-objection = 客户意见：
phone-sign-here = 请在线上签字
phone-sign-signer = 签字人：{ $name }（{ $role }）
phone-sign-confirm = 确认
phone-sign-redo = 重写
phone-sign-read-again = 再看单据
phone-back-title = 谢谢
phone-back-saved = 签字已存到手机
phone-back-please = 请把手机还给师傅
phone-back-thanks = 感谢您的配合。
phone-back-unsigned = 还没有签字。
phone-back-take = 我是{ $name }，收回手机

## Taking the phone back

phone-pin-title = 收回手机的 PIN 码
phone-pin-set = 已设置
phone-pin-none = 未设置
phone-pin-set-about = 手机交给客户之后，要输入 PIN 码才能收回。PIN 码只存在这台手机里。
phone-pin-none-about = 没有 PIN 码时，拿着手机的人按一下就能从客户页面收回手机。
phone-pin-choose = 设置 PIN 码
phone-pin-change = 更改
phone-pin-remove = 取消 PIN 码
phone-pin-kept = PIN 码已存到手机
phone-pin-removed = PIN 码已取消
phone-pin-why = 4 到 8 位数字。有了 PIN 码，客户离不开服务单，看不到您的工单。没有信号也能用，只存在这台手机里。
phone-pin-repeat = 再输入一次 PIN 码
phone-pin-repeat-why = 请再输入同样的数字，免得输错后自己也打不开。
phone-pin-not-now = 暂不设置
phone-pin-differs = 两次输入不一样，请重新设置。
phone-pin-next = 下一步
phone-pin-keep = 保存 PIN 码
phone-pin-ask = { $name }的 PIN 码
phone-pin-entered = { $count ->
    [0] 还没有输入
   *[other] 已输入 { NUMBER($count) } 位
}
phone-pin-delete = 删除最后一位
phone-pin-wrong = { $count ->
    [1] PIN 码不对。再错一次就要等待。
   *[other] PIN 码不对。还可以试 { NUMBER($count) } 次。
}
phone-pin-wrong-often = PIN 码不对，错的次数太多。
phone-pin-wait = { $time } 后再试
phone-pin-forgotten = 忘记 PIN 码？
phone-pin-password-title = 用密码登录
phone-pin-password-about = 用{ $name }的密码代替 PIN 码，需要有信号。登录后 PIN 码会取消，已记录的都还在手机里。
phone-pin-instead = 还是输入 PIN 码

## New order

phone-new-open = 现场新开一单
phone-new-title = 新开一单
phone-new-about = 记下发现的问题，办公室会安排。没有信号也可以开单。
phone-new-kind = 类别
phone-new-kind-missing = 请选择类别
phone-new-place = 地点
phone-new-place-other = 其他地点（写在报修内容里）
phone-new-place-search = 搜索地点、客户、拼音
phone-new-place-none = 没有找到。可以选其他地点。
phone-new-place-here = 现在在这里
phone-new-place-missing = 还没有选地点。请选一处，或选“其他地点”。
phone-new-contact = 联系人
phone-new-save = 保存新工单
phone-new-saved = 新工单已存到手机
phone-new-number = 待编号

## Conflicts: two people changed the same description

phone-conflicts-title = 待处理
phone-conflicts-about = 两个人改了同一处。请选一个，或另写一个；没选的不会丢，留在记录里。没有信号也可以定。
phone-conflicts-none = 没有待处理的内容
phone-conflicts-none-hint = 两个人改了同一处时，会在这里请您选一个。
phone-conflicts-wait = { NUMBER($count) } 处两边都改了
phone-conflicts-wait-hint = 请看一下，选一个
phone-conflict-here = 两边都改了，请选一个
phone-conflict-of-plan = 两边都改了，由办公室定夺
phone-conflict-base = 原来是：{ $value }
phone-conflict-empty = （空）
phone-conflict-me = 我
phone-conflict-stands = 现在有效
phone-conflict-third = 都不对，另写一个
phone-conflict-take-kept = 保留现在的
phone-conflict-take-other = 改用这一个
phone-conflict-take-third = 就用我写的
phone-conflict-decided = 已定
phone-conflict-again = 重新选择
phone-conflict-office = 这是计划，由办公室定夺。
phone-field-position = 地点坐标
phone-field-assignees = 维修员
phone-field-lead = 负责人
phone-field-window = 预约时间
phone-field-priority = 优先级
phone-field-disposition = 是否要做
phone-field-serial = 序列号
phone-position-value = { $latitude }，{ $longitude } { $datum }
phone-position-take = 用我现在的位置（误差 ±{ NUMBER($accuracy) } m）

## Outbox

phone-outbox-title = 同步
phone-outbox-send = 立即发送
phone-outbox-asking = 正在联系服务器……
phone-outbox-sent = 已发送 { NUMBER($count) } 项。
phone-outbox-sent-some = 已发送 { NUMBER($count) } 项，还有 { NUMBER($left) } 项没有发出。
phone-outbox-sent-none = { NUMBER($left) } 项没有发出：见下面各项的说明。
phone-outbox-sent-nothing = 没有要发送的内容，办公室的消息也已取到。
phone-outbox-not-sent = 没有发出。{ $why }
phone-outbox-not-done = 没有成功。{ $why }
phone-outbox-elsewhere = 另一个窗口正在发送。
phone-outbox-all-safe = 全部已送达
phone-outbox-waiting = { NUMBER($count) } 项待发送
phone-outbox-nothing = 没有留在手机里的内容
phone-outbox-on-phone = { $size }，全部已存手机
phone-outbox-last-safe = 上次全部送达
phone-outbox-never = 从未
phone-outbox-last-contact = 上次联系服务器 { $at }
phone-outbox-sending = 正在发送
phone-outbox-next-try = { $at } 再试
phone-outbox-offline = 现在没有信号。有信号时会自动发送，不用守着。
phone-outbox-unoffered = { $order }：服务器恢复后丢失了这张工单，手机上的副本太大，无法交还。请保留这部手机，并告诉主管。
phone-outbox-list = 待发送的内容
phone-outbox-queued = 排队
phone-outbox-again = 再发一次
phone-outbox-lines = { $names } { NUMBER($count) } 项
phone-outbox-lines-more = { $names }等 { NUMBER($count) } 项
phone-outbox-photo = 照片：{ $purpose }
phone-outbox-export-title = 连不上服务器？
phone-outbox-export-about = 把未送达的内容存成一个文件，交给办公室导入，结果相同。
phone-outbox-export = 导出
phone-shut-out-title = 导出文件交回
phone-shut-out-about = 办公室停用这台手机时，有 { NUMBER($count) } 项还没有发送，现在只在这台手机里。请导出文件交给办公室，由主管决定是否采用。
phone-shut-out-waits = 仅在本机
phone-export-saved = 文件已导出，手机里的内容仍然保留
phone-export-left-out = { NUMBER($count) } 张照片这台手机读不出来，没有放进文件：{ $photos }。其他内容都在文件里。
phone-claim = 这些是我的
phone-claim-means = 这些由导出文件以您的名义带来。若来自您的手机，请确认，之后如同手机自己发送一样处理；若不是，请告诉主管。
phone-claim-said = 已确认，下次联网时处理。
phone-kind-ledger-claim = 这些是我的
phone-held-title = 等办公室定夺
phone-held-about = 已经送达、一字未改，由主管决定是否采用。
phone-held-other = 原因请问主管。
phone-held-waits = 等待
phone-decided-title = 已裁决
phone-decided-applied = 已采用
phone-decided-dismissed = 未采用
phone-decided-by-itself = 自动处理
phone-order-elsewhere = 不在这台手机里的工单
phone-room-title = 手机存储
phone-room = 已用 { $used }，可用约 { $available }
phone-room-untold = 这个浏览器不说还剩多少空间，也不能请它承诺保留。请常到有信号的地方发送。
phone-room-full = 已用 { $used }。这台手机已经放不下 { $size } 的内容（{ $at } 试过）
phone-room-persisted = 浏览器承诺保留
phone-room-not-persisted = 浏览器未承诺保留
phone-room-ask = 请浏览器承诺保留
phone-room-why = 没有这个承诺，手机空间紧张时浏览器可能清掉数据。装到主屏幕后，一般会得到承诺。
phone-room-refused = 浏览器没有答应。已记录的内容都还在。把应用安装到主屏幕，多用几天再问，通常就会答应；在那之前请常到有信号的地方发送。
phone-room-short = 手机空间快满了。请尽快到有信号的地方发送，或导出文件。
phone-room-out = 手机空间满了。请尽快到有信号的地方发送，或导出文件，并删掉手机里别的文件。
phone-kind-order = 工单
phone-kind-order-open = 新工单
phone-kind-order-stage = 进度
phone-kind-order-edit = 描述
phone-kind-arrival = 到达
phone-kind-departure = 离开
phone-kind-material = 用料
phone-kind-labour = 工时
phone-kind-photo = 照片记录
phone-kind-checklist = 检查
phone-kind-signature = 签字
phone-kind-note = 备注
phone-kind-unreadable = 其他记录
phone-kind-conflict = 冲突的决定

## Me

phone-me-title = 我的
phone-me-language = 语言
phone-me-text-size = 文字大小
phone-me-theme = 明暗
phone-me-device = 这台手机：{ $name } · 标识 { $mark }
phone-me-version = 版本 { $version }
phone-account-offline = 现在没有信号。请到有信号的地方再操作。
phone-account-ended = 登录已失效，请先重新登录。
phone-password-title = 登录密码
phone-password-about = 更改后只有这台手机保持登录。您的其他手机和浏览器会要求输入新密码；手机里等待发送的内容仍会保留。
phone-password-change = 更改密码
phone-password-changing = 正在更改…
phone-password-changed = 密码已更改
phone-password-old = 当前密码
phone-password-new = 新密码
phone-password-rules = 至少 12 个字符：用四个以上互不相关的词，或由密码管理器生成。
phone-password-show = 显示输入的内容
phone-password-hide = 隐藏输入的内容
phone-password-old-wrong = 当前密码不对，没有更改。如果忘记了，请让管理员设置新的密码。
phone-password-unknown = 没有收到回复，密码可能已更改，也可能没有。如果要求登录，请先试新密码，再试旧密码。
phone-sessions-title = 登录位置
phone-sessions-about = 您的手机，以及已登录办公室的浏览器。如果其中有您不认识的，请结束它的登录并更改密码。
phone-sessions-looking = 正在向服务器查询…
phone-sessions-again = 再查一次
phone-sessions-unknown = 未知浏览器
phone-sessions-kind-phone = 手机应用
phone-sessions-kind-office = 办公室
phone-sessions-mark = 标识 { $mark }
phone-sessions-since = 始于 { $at }
phone-sessions-seen = 最近使用 { $at }
phone-sessions-last-order = 最近的工单 { $number }
phone-sessions-present = 这台手机
phone-sessions-revoked = 已停用
phone-sessions-out = 未登录
phone-sessions-end = 结束
phone-sessions-end-name = 结束“{ $name }”的登录
phone-sessions-end-others = 结束其他全部登录
phone-sessions-means-phone = 那台手机再次发送之前会要求输入密码，等待发送的内容仍会保留，登录后再发送。如果手机丢失，还要请主管停用它。
phone-sessions-means-office = 那个浏览器此后会显示登录页面。
phone-sessions-means-others = 您的其他手机和浏览器都会要求输入密码。手机里等待发送的内容仍会保留，登录后再发送。这台手机保持登录。
phone-sessions-end-now = 结束这个登录
phone-sessions-end-all-now = 结束其他全部
phone-sessions-password = 请输入您的密码，以免他人代您操作
phone-sessions-password-wrong = 未结束：密码不对。如果忘记了，可以请管理员结束您的登录并设置新的密码。
phone-sessions-ending = 正在结束…
phone-sessions-unclear = 没有收到回复，登录可能已结束，也可能没有。请再看一次列表。
phone-sessions-keep = 保持不变
phone-sessions-done = 登录已结束
phone-sessions-others-done = 其他登录已全部结束
phone-sessions-not-signed-in = 未登录的手机 { NUMBER($count) } 台
phone-sessions-left-off = 另有 { NUMBER($count) } 项未显示。
phone-theme-auto = 跟随手机
phone-theme-light = 白天
phone-theme-dark = 地下室
phone-sign-out = 退出登录
phone-sign-out-refused-title = 现在还不能退出
phone-sign-out-refused = 还有 { NUMBER($count) } 项只存在这台手机里。等它们送达后再退出，或者先导出文件交给办公室。
phone-sign-out-held = 还有 { NUMBER($count) } 张照片只在屏幕上，没有存到手机里。请先把它们存下，或者放弃，再退出。
phone-sign-out-photos = 去看照片
phone-sign-out-see = 去看待发送的内容
phone-sign-out-export = 导出文件

## What went wrong

phone-problem-unexpected = 没有成功。已存下的和正在填写的内容都还在，请再试一次；还是不行，请把应用关掉再打开，并告诉办公室。
phone-problem-of-server = { $title }。这次没有完成，已存下的内容都还在。请稍后再试；还是不行，请告诉办公室。
phone-problem-not-readable = 这个文件读不出来，可能已被移走或删除，没有存下。请重新选择。
phone-problem-broken-off = 中途断了，没有完成。请再试一次。
phone-problem-not-allowed = 手机或浏览器不允许这样做，没有完成。请在设置里允许后再试。
phone-problem-busy-elsewhere = 应用的另一个页面正在发送，请稍等。
phone-problem-turn-lost = 这个页面停了太久，应用的另一个页面接着做了。请再试一次。
phone-problem-ledger-lost = 手机里的记录被浏览器清掉了。请重新登录。
phone-problem-database-gone = 手机的存储没有回应，没有存下。请先抄下屏幕上的内容，再把应用完全关掉、重新打开。
phone-problem-database-slow = 手机的存储很久没有回应，没有存下。填写的内容还在屏幕上，请稍等再试。
phone-problem-storage-full = 手机空间已满，没有存下。填写的内容还在屏幕上。请删掉手机里别的文件，或到有信号的地方先发送。
phone-problem-no-room-for-news = 手机空间已满：记录都已送达，但服务器上的新内容放不下。请删掉手机里别的文件。
phone-problem-line-too-large = 内容太长，没有存下。请缩短一些再试。
phone-problem-photo-too-large = 照片超过 25 MB，没有存下。请选小一些的，或用这里的相机拍。
phone-problem-not-a-photo = 这个文件不是照片（JPEG、PNG、WebP 或 HEIC），没有存下。请另存为 JPEG 再选一次，或用这里的相机拍。
phone-problem-camera-away = 相机被手机收走了（来电或别的应用在用）。空出来后会自动恢复。
phone-problem-camera-denied = 没有允许使用相机。请在浏览器设置里允许，或从相册选择。
phone-problem-camera-unavailable = 相机打不开，可能正被别的应用占用。可以从相册选择。
phone-problem-no-contact = 联系不上服务器。请检查信号后再试。
phone-problem-no-progress = 网络中间有设备在重复旧的应答，发送没有进展。会自动再试；换一个网络试试，比如关掉 Wi-Fi。
phone-problem-bad-credentials = 用户名或密码不对。
phone-problem-too-many-tries = 试的次数太多了，请稍等几分钟再试。
phone-problem-device-revoked = 这台设备已被停用。没有送达的内容仍可导出文件交回，请联系主管。
phone-problem-too-many-devices = 以您的名义登录的手机太多了。请让办公室停用您不再使用的手机；这里记录的内容不会丢失。
phone-problem-too-many-new-devices = 一天之内以您的名义登记的新手机太多了。请明天再试，或联系办公室；这里记录的内容不会丢失。
phone-problem-not-signed-in = 请先登录。
phone-problem-app-outdated = 这台手机上有更新的版本正在使用，请刷新。
phone-problem-unsent = 还有内容没有送达。
phone-problem-window-forgets = 无痕（隐私）窗口关掉后什么都不留，所以没有记录。请在普通窗口打开。

## The page that the service worker shows where a part of the app is missing

phone-rescue-title = 应用缺了一部分
phone-rescue-about = 手机清掉了应用自己的一些文件，现在连不上服务器，补不回来。到有信号的地方会自动补好。
phone-rescue-unsent = 还没送达的内容都在这台手机里。
phone-rescue-export-about = 等不到信号，可以先导出成文件，交给办公室。
phone-rescue-lines = 记录
phone-rescue-photos = 照片
phone-rescue-shut-out = 这台手机被停用之前的内容
phone-rescue-export = 导出文件
phone-rescue-saved = 文件已保存，在手机的“下载”里。请交给办公室。
phone-rescue-failed = 导出没有成功。请再试一次；还是不行，请重启手机再试。
phone-rescue-nothing = 没有未送达的内容，都已经在服务器上。
phone-rescue-unreadable = 手机里的数据现在读不出来。请把应用完全关掉再打开，还不行就重启手机。
