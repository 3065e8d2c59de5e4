# 命令行显示的文字。

cli-serving = Undercroft 已在 { $address } 提供服务
cli-password-prompt = 密码
cli-password-again = 再输一次密码
cli-username-taken = 已有人使用用户名“{ $username }”，请另选一个。
cli-account-done = 已完成：{ $username }。此前的登录已全部结束。
cli-account-refused = 未执行。只有账号有效的管理员可以这样做；任何人不能停用自己的账号，最后一个有效的管理员必须保留。
cli-account-unknown = 没有用户名为“{ $username }”的人。
cli-account-no-admin = 没有账号有效的管理员可以作为操作人。请先用 add-person 添加一个。
cli-name-length = 用户名为 1 至 64 个字符，姓名为 1 至 128 个字符。

## 备份、恢复与检查

backup-done = 已写入 { $file }：{ NUMBER($rows) } 行数据，{ NUMBER($photos) } 个照片文件。请像保管客户资料和密钥一样保管它。
backup-exists = { $file } 已存在，没有写入。请另选一个文件名。
backup-failed = 备份没有写成：{ $why }。
backup-row-too-long = 备份没有写成：{ $table } 中有一行超过 { NUMBER($most) } 字节，将无法读回。
restore-done = 已恢复 { $at } 的备份。手机下次联系时会补送备份里没有的内容。
restore-set-aside = 原来的数据库已移到 { $folder }，没有删除。
restore-other-secret = 注意：UNDERCROFT_SECRET_KEY 与备份里的密钥不同。要核对备份之前的时间锚和封签，请把备份里的密钥放进 UNDERCROFT_SECRET_KEY_FALLBACKS。
restore-problem-serving = 服务器或另一个命令正在使用这些数据。请先停止它，或等它完成，再恢复备份。
restore-problem-not-a-backup = 这个文件不是 Undercroft 的备份，或者无法读取。
restore-problem-cut-off = 备份文件不完整：结尾缺失。
restore-problem-damaged = 备份文件已损坏：{ $names }。
restore-problem-strange-part = 文件里有 { $name }，Undercroft 的备份里不会有它。没有改动任何数据。
restore-problem-too-large = { $name } 超过 { NUMBER($most) } 字节，Undercroft 的备份不会这么大。没有改动任何数据。
restore-problem-more-after-end = 备份结尾之后还有别的内容。没有改动任何数据。
restore-problem-wrong-row = 备份中 { $table } 的第 { NUMBER($row) } 行无法读取。没有改动任何数据。
restore-problem-does-not-fit = 备份中 { $table } 的数据互相矛盾，或与数据表不符。没有改动任何数据。
restore-problem-not-migrated = 备份里的内容无法升级到本版本。没有改动任何数据。
restore-problem-no-room = 数据库所在的磁盘已满。没有改动任何数据；请腾出空间后重新恢复。
restore-problem-not-written = 备份没有恢复：{ $why }。数据库保持原样。
restore-problem-unknown-format = 备份的格式（{ $format }）比本程序新，请先升级程序。
restore-problem-newer = 备份来自更新的版本 { $version }，请先升级程序。
restore-problem-in-use = 数据库里已有公司数据。加上 --replace 会把它移到一旁，不会删除。
restore-problem-in-use-elsewhere = 数据库里已有公司数据。请新建一个空数据库，并在 UNDERCROFT_DATABASE_URL 中写明。
restore-problem-open-elsewhere = 另一个程序正打开着 { $file }。请先关闭它，再恢复备份。没有改动任何数据。
check-done = { $count ->
    [0] 检查完毕，一切相符。
   *[other] 检查完毕，发现 { NUMBER($count) } 处不符。
}
check-ledger-gap = 流水账有缺口：设备 { $device } 应为第 { $expected } 行，却是第 { $seq } 行。
check-line-changed = 行的内容已变：设备 { $device } 第 { $seq } 行与其哈希不符。
check-chain-broken = 链条断开：设备 { $device } 第 { $seq } 行与前一行不相接。
check-signature-differs = 签名不符：设备 { $device } 到第 { $seq } 行为止的批次。
check-head-differs = 流水账末尾不符：设备 { $device } 已确认到第 { $acknowledged } 行，实有 { $has } 行。
check-not-replayable = 工单 { $order } 无法由日志重建：位置 { $position }（{ $why }）。
check-document-differs = 工单 { $order } 与日志不符：{ $parts }。
check-face-differs = 工单 { $order } 在列表中的内容与文档不符。
check-evidence-differs = 工单 { $order } 的凭据清单与文档不符。
check-settled-changed = 工单 { $order } 上已经裁定的内容不再有效，却没有知情的人改过它：{ $what }。
check-held-unseen = 待裁决的行没有列出：设备 { $device } 第 { $seq } 行。
check-held-in-vain = 待裁决的行所等的工单已经存在：设备 { $device } 第 { $seq } 行，工单 { $order }。
check-held-dismissed-in = 已驳回的行仍然生效：设备 { $device } 第 { $seq } 行，操作 { $operation }。
check-id-twice = 操作编号 { $operation } 应只属于一份单据，却在 { $times } 份单据中生效。
check-former-differs = 旧编号 { $former } 属于谁，所记与管理员说过的不符。
check-feed-ahead = 订阅流 { $feed } 的编号 { $seq } 超出了已发的编号。
check-feed-lacks = 订阅流 { $feed } 缺少工单 { $order }。
check-photo-differs = 照片 { $photo } 的内容与其哈希不符。
check-photo-missing = 照片 { $photo } 的内容缺失。
check-content-unsaid = 工单 { $order } 称照片 { $photo } 的内容缺失，其实已在服务器上。
check-content-not-here = 工单 { $order } 称照片 { $photo } 的内容已存，其实不在服务器上。
check-content-not-asked = 工单 { $order } 是否在等照片 { $photo } 的内容，所记与文档不符。
check-content-awaited = 尚未送达：工单 { $order } 的照片 { $photo }，记录于 { $since } 由{ $name }送来。服务器会向其手机索要；这里没有损坏。

## 证据包

evidence-done = 工单 { $number } 的证据已写入 { $file }。其中有客户资料，只能交给相关的人。
evidence-no-order = 没有工单 { $number }。
evidence-exists = { $file } 已存在，没有写入任何内容。请换一个文件名。
evidence-failed = 证据没有写入：{ $why }。

## 启动时：密钥与演示公司

secret-problem-weak = UNDERCROFT_SECRET_KEY 太容易被猜到：密钥至少要有 { $length } 个随机字符。可用 openssl rand -base64 48 生成；也可以不设置，由服务器自行生成并保存在数据文件夹里。如果这个密钥此前一直在用，请把它放进 UNDERCROFT_SECRET_KEY_FALLBACKS，与新密钥一起设置，它以前生成的内容才能继续核对（见 docs/operate.md 的“Another secret key”）。
secret-problem-damaged = { $file } 已损坏或被清空，里面没有完整的密钥。请从备份中恢复这个文件。只有在还没有任何记录时才可以删除它，服务器会重新生成。
secret-problem-unreadable = 无法读取 { $file }（{ $why }）。里面是服务器的密钥，运行此命令的用户必须能读取它。
secret-problem-another = 这个数据库属于另一个密钥，没有改动任何数据。第二台服务器要用第一台的密钥：同一个 UNDERCROFT_SECRET_KEY，或同一个 secret.key。如果是有意更换密钥，请把以前的密钥放进 UNDERCROFT_SECRET_KEY_FALLBACKS（见 docs/operate.md 的“Another secret key”）。只有在密钥已经丢失、备份里也没有时：undercroft accept-key。
secret-problem-missing = { $file } 不在了，但公司数据还在，而且有自己的密钥。没有改动任何数据，也没有生成新的密钥。请把这个文件恢复回来，或把 UNDERCROFT_SECRET_KEY 设为它原来的内容。如果删除它是为了更换密钥，请把以前的密钥放进 UNDERCROFT_SECRET_KEY_FALLBACKS。只有在密钥已经丢失、备份里也没有时：undercroft accept-key。
secret-problem-in-use = 密钥已更换，但还有可能只认识以前那个密钥的服务器或命令正在使用这个数据库。请停止它，或等它完成，再重新启动。
secret-problem-short-token = UNDERCROFT_METRICS_TOKEN 太容易被猜到：至少要有 { $length } 个随机字符。可用 openssl rand -hex 20 生成；也可以不设置，/metrics 就只回答本机。
start-waits = 正在恢复备份，完成后才会开始。
start-schema-too-new = 数据库已由更新版本的 Undercroft 升级，本版本（{ $version }）无法正确读取。未做任何更改。请启动新版本，或把升级前的备份恢复到空数据库。
accept-key-done = 数据库现在属于当前的密钥。{ $count ->
    [0] 所有办公室流水账都能用它打开。
   *[other] { NUMBER($count) } 个办公室流水账已经结束，因为再也打不开：相关人员重新登录后，下一次改动时会开始新的流水账。
}以前的时间锚和封签无法再核对。
start-secret-open = 警告：本机的其他用户可以读取 { $file }，并能据此伪造时间锚和封签。请只允许所有者读取：chmod 600 { $file }
start-open-to-others = 警告：本机的其他用户可以读取 { $path }，而它属于另一个账号，无法由本程序关闭。请修改它的所有者或权限。
start-secret-other = 警告：当前密钥打不开 { $count } 个办公室流水账，相关人员无法保存任何内容。请把以前的密钥放进 UNDERCROFT_SECRET_KEY_FALLBACKS，再重新启动。
start-public-password = 警告：演示公司的账号（密码人人都知道）与真实账号放在一起：{ $usernames }。任何能访问本服务器的人都可以用它们登录。请把真实的工作放进单独的数据库。
restore-problem-weak-secret = 这个备份里的密钥容易被猜到或已缺失。请把 UNDERCROFT_SECRET_KEY 设为新的密钥（openssl rand -base64 48），然后重新恢复；只有把备份里的密钥放进 UNDERCROFT_SECRET_KEY_FALLBACKS，备份之前的时间锚和封签才能核对。
