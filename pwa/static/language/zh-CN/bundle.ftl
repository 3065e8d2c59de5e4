# 证据包中的说明页：如何用常见工具核对其中的一切。多缩进四格的是命令，各语言相同。

bundle-readme-start =
    工单 { $number } 的证据

    本文件夹保存手机和办公室为一张工单记录的内容，不用原来的程序也能核对。需要 sha256sum 和 openssl 两个命令：Linux
    自带；Windows 可用 WSL 或 Git Bash；macOS 需安装 coreutils。在本文件夹打开终端，复制缩进的命令运行，并与这里
    的说明比较。

    1. 文件夹是否完整？

        sha256sum -c { $sums }

    每行都应以 OK 结尾。这能说明传送途中有无损坏或改动，但不能说明是谁制作的；后面的步骤可以。
bundle-readme-lines =
    2. 记录了什么，由哪台设备记录？

    每条记录是某台设备流水账中的一行文字；流水账文件夹以设备编号命名。“lines”中是逐字节保存的行。“lines.tsv”列出
    本工单的各行：谁在何时写下，服务器何时收到、如何处理。其中的时间为 UTC。

    每一行都以“prev”写明前一行的 SHA-256，因此事后改动、删除或插入任何一行，后面的各行都要改变。每次发送的最后一行
    由设备签名，私钥不离开设备；“public_key.pem”是对应的公钥。

    首先：各行是否就是链中列出的行？每行都应以 OK 结尾。

        for chain in ledgers/*/chain-*.sha256; do
          (cd "$(dirname "$chain")" && sha256sum -c --ignore-missing "$(basename "$chain")")
        done

    其次：每一行是否写明前一行？每行都应以“follows”结尾。BROKEN 表示有行被改动、删除或插入；服务器已发现的，
    “lines.tsv”中写有“held”和“broken_chain”。

        for chain in ledgers/*/chain-*.sha256; do
          before=
          while read -r hash line; do
            file=$(dirname "$chain")/$line
            if test -f "$file" && test -n "$before"; then
              if grep -Eq "\"prev\" *: *\"$before\"" "$file"; then echo "$file: follows"; else echo "$file: BROKEN"; fi
            fi
            before=$hash
          done < "$chain"
        done

    再次：设备是否签名？每个编号都应显示“in the chain”，并且 openssl 应显示“Signature Verified Successfully”。

        for signature in ledgers/*/signatures/*.der; do
          ledger=$(dirname "$(dirname "$signature")")
          number=$(basename "$signature" .der)
          digest=$(od -An -v -tx1 "$ledger/signatures/$number.digest" | tr -d ' \n')
          if grep -qh "^$digest  lines/$number.json" "$ledger"/chain-*.sha256; then echo "$number: in the chain"; else echo "$number: NOT IN THE CHAIN"; fi
          openssl pkeyutl -verify -pubin -inkey "$ledger/public_key.pem" -sigfile "$signature" -in "$ledger/signatures/$number.digest"
        done

    “lines.tsv”的最后一列说明证明到什么程度。“signed”：此行逐行连到设备签名的一行，各行都在这里。“listed”：见下。
    “broken”：链或签名不符。“unsigned”：没有签名。

    其中“author_known_by”说明如何知道设备属于谁。“session”：本人用它登录过，或是办公室自己的。“claim”：来自文件，本人已
    确认。“file”：只有文件自己这样说，无人证实，所写的人名只是自称。
bundle-readme-listed =
    本工单有些行为“listed”：它们与签名之间有其他工单的行，或公司没有采纳的行。那些行可能含有其他客户的姓名和电话，不放在这里，只列出其
    SHA-256。对这些行，链可以核对到缺口为止；缺口处以公司的说明为准。法院可要求公司提供整条链。
bundle-readme-whole =
    本文件夹含整条链：其中也有其他工单的行，含其他客户的资料，以及公司没有采纳的行。仅供法院或鉴定人使用，请勿转交他人。
bundle-readme-reports =
    3. 客户签了什么？

    “report.json”是客户签字时屏幕上的原文，“report.pdf”是据此制作的维修服务单。命令显示的 SHA-256 应与维修服务单上印的
    相同；记录它和签字笔迹的文件，应是第 2 步中的一行。

        for report in reports/*/report.json; do
          digest=$(sha256sum "$report" | cut -c1-64)
          echo "$report $digest"
          if grep -l "\"sha256\" *: *\"$digest\"" ledgers/*/lines/*.json; then echo "recorded"; else echo "NOT RECORDED"; fi
        done
bundle-readme-photos =
    4. 拍了哪些照片？

    照片是相机的原文件。每张照片的哈希在发送之前就已在手机上写入第 2 步的某一行。“photos.tsv”还列出尚未送达和后来隐藏的
    照片。

        for photo in photos/*; do
          digest=$(sha256sum "$photo" | cut -c1-64)
          if grep -l "\"sha256\" *: *\"$digest\"" ledgers/*/lines/*.json; then echo "$photo: recorded"; else echo "$photo: NOT RECORDED"; fi
        done
bundle-readme-limits =
    不能说明的

    密钥属于谁的设备，以公司的说明为准：可向公司索取设备登记。办公室写的行，由公司服务器保管的密钥签名。“anchors.tsv”
    列出每个时间锚中的服务器时间，它证明流水账中其后的内容不会更早写下；时间锚是密封的，只有制作它的服务器能打开。
    服务器何时收到某一行，是服务器自己的记录。位置和手机时钟，是手机所称。照片内容以照片为准。
