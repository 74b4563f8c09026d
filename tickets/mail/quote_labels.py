"""What mail programs of many languages call the header lines that they copy above a quoted mail."""

# ruff: noqa: E501 - tables of words read best unbroken

# An underscore stands for a blank inside a label.
_WORDS = {
    "from": """
        from von de da van från fra lähettäjä od kimden gönderen от від відправник отправитель từ người_gửi expéditeur remitente
        mittente remetente afzender avsändare afsender avsender nadawca odesílatel odosielateľ feladó 差出人 送信者 送信元 发件人
        發件人 寄件者 寄件人 보낸사람 보낸_사람 από מאת من de_la šalje pošiljatelj envoyé_par emisor จาก dari nuo no saatja expeditorul expeditor від_кого от_кого pošiljalac
        пошиљалац подател frá
    """,
    "sent": """
        sent gesendet envoyé envoye envoyé_le envoye_le enviado enviada enviado_el enviado_em enviada_em inviato verzonden skickat
        skickades sendt sendes lähetetty wysłano wysłane data_wysłania odesláno odoslané gönderildi gönderilme_tarihi
        gönderim_tarihi отправлено відправлено надіслано đã_gửi gửi 送信日時 发送时间 發送時間 发送日期 寄件日期 보낸날짜 보낸_날짜
        נשלח elküldve trimis data_trimiterii sent_on sent_at تم_الإرسال ส่ง dikirim poslano poslato išsiųsta saadetud изпратено
    """,
    "date": """
        date datum fecha data dato päivämäärä päiväys tarih дата ngày 日付 日時 日期 時間 时间 날짜 ημερομηνία תאריך التاريخ dátum
        date/heure message_du วันที่ tanggal kuupäev dată
    """,
    "to": """
        to an à para a aan till til vastaanottaja do komu kime alıcı кому đến tới người_nhận 宛先 收件人 收件者 受信者 받는사람
        받는_사람 προς אל إلى címzett către destinataire destinatario destinatário geadresseerde mottagare modtager mottaker adresat
        per pour za ถึง kepada kam prima destinatarul 送信先
    """,
    "cc": """
        cc kopie copie copia kopia kopi kopio dw kopię_do копия копія bilgi 抄送 副本 参照 참조 másolatot_kap másolat cópia ct v_kopii
        copie_à copie_a kópia สำเนา نسخة עותק κοιν
    """,
    "subject": """
        subject betreff objet asunto oggetto assunto onderwerp ämne emne aihe temat předmět předmet predmet konu тема chủ_đề
        tiêu_đề 件名 主题 主題 主旨 标题 제목 θέμα נושא الموضوع tárgy subiect re zadeva sujet เรื่อง subjek perihal subiectul tema teema относно
    """,
    "reply": "reply-to antwort_an répondre_à responder_a rispondi_a antwoord_aan svara_till balasan_ke",
    "files": "attachments anlagen pièces_jointes adjuntos allegati bijlagen bilagor vedhæftninger załączniki вложения",
}
LABELS = {word.replace("_", " "): kind for kind, words in _WORDS.items() for word in words.split()}
