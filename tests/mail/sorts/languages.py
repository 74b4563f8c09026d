"""The same three things said in many languages: not delivered, I am away, this answer is automatic."""

# ruff: noqa: E501 - tables of samples read best unbroken

from tests.mail.sorts import DEAD, SENT, Sample, bounce, letter

NDR = [  # subject prefix and opening sentence of the same server in each language
    ("de", "Unzustellbar", "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:"),
    ("fr", "Non remis", "Échec de la remise aux destinataires ou groupes suivants :"),
    ("es", "No se puede entregar", "Error de entrega a estos destinatarios o grupos:"),
    ("it", "Non recapitabile", "Recapito non riuscito ai seguenti destinatari o gruppi:"),
    ("nl", "Onbestelbaar", "Bezorging aan deze geadresseerden of groepen is mislukt:"),
    ("pt", "Não é possível entregar", "Falha na entrega a estes destinatários ou grupos:"),
    ("pl", "Niedostarczone", "Nie można dostarczyć wiadomości do następujących adresatów lub grup:"),
    ("ru", "Недоставленное", "Не удалось доставить сообщение следующим получателям или группам:"),
    ("uk", "Не вдалося доставити", "Не вдалося доставити повідомлення таким одержувачам або групам:"),
    ("sv", "Olevererbart", "Det gick inte att leverera till följande mottagare eller grupper:"),
    ("da", "Kan ikke leveres", "Levering til følgende modtagere eller grupper mislykkedes:"),
    ("nb", "Kan ikke leveres", "Levering til disse mottakerne eller gruppene mislyktes:"),
    ("fi", "Ei toimitettavissa", "Toimitus seuraaville vastaanottajille tai ryhmille epäonnistui:"),
    ("cs", "Nedoručitelné", "Doručení těmto příjemcům nebo skupinám se nezdařilo:"),
    ("tr", "Teslim Edilemedi", "Şu alıcılara veya gruplara teslim edilemedi:"),
    ("hu", "Kézbesíthetetlen", "Nem sikerült kézbesíteni a következő címzetteknek:"),
    ("et", "Kohaletoimetamatu", "Kohaletoimetamine nendele adressaatidele või rühmadele nurjus:"),
    ("vi", "Không thể gửi", "Không thể chuyển thư đến những người nhận hoặc nhóm sau:"),
    ("ja", "配信不能", "次の受信者またはグループへの配信に失敗しました:"),
    ("zh", "无法传递", "无法将邮件传递给以下收件人或组:"),
    ("ko", "배달되지 않음", "다음 받는 사람 또는 그룹에게 배달하지 못했습니다:"),
]
AWAY = [  # subject prefix of Outlook, and what people write when they are away
    (
        "en",
        "Automatic reply",
        "I am out of the office until Monday with limited access to e-mail. In urgent cases please contact my colleague.",
    ),
    ("de", "Automatische Antwort", "Ich bin bis Montag nicht im Büro. Ihre Mail wird nicht weitergeleitet."),
    (
        "nl",
        "Automatisch antwoord",
        "Ik ben tot maandag niet aanwezig. Voor dringende zaken kunt u contact opnemen met mijn collega.",
    ),
    (
        "fr",
        "Réponse automatique",
        "Je suis absent du bureau jusqu'à lundi. En cas d'urgence, merci de contacter ma collègue.",
    ),
    ("es", "Respuesta automática", "Estoy fuera de la oficina hasta el lunes. A mi regreso responderé a su mensaje."),
    ("it", "Risposta automatica", "Sono fuori ufficio fino a lunedì. Risponderò al mio rientro."),
    ("pt", "Resposta automática", "Estou de férias até segunda-feira. Responderei após o meu regresso."),
    (
        "pl",
        "Automatyczna odpowiedź",
        "Jestem na urlopie do poniedziałku. W pilnych sprawach proszę o kontakt z koleżanką.",
    ),
    ("ru", "Автоматический ответ", "Я в отпуске до понедельника. По срочным вопросам обращайтесь к коллеге."),
    ("uk", "Автоматична відповідь", "Я у відпустці до понеділка. З термінових питань звертайтеся до колеги."),
    ("sv", "Autosvar", "Jag är på semester till måndag. Vid brådskande ärenden kontakta min kollega."),
    ("da", "Automatisk svar", "Jeg er ikke på kontoret før mandag. Hvis det haster, kontakt min kollega."),
    ("nb", "Automatisk svar", "Jeg er på ferie til mandag. Hvis det haster, ring kollegaen min."),
    ("fi", "Automaattinen vastaus", "Olen lomalla maanantaihin asti. Kiireellisissä asioissa ota yhteyttä kollegaani."),
    ("cs", "Automatická odpověď", "Jsem na dovolené do pondělí. V naléhavých případech kontaktujte mou kolegyni."),
    ("tr", "Otomatik yanıt", "Pazartesiye kadar izindeyim. Acil durumlarda iş arkadaşımla iletişime geçin."),
    ("vi", "Trả lời tự động", "Tôi đang nghỉ phép đến thứ Hai. Việc gấp xin liên hệ đồng nghiệp của tôi."),
    ("ja", "自動応答", "月曜日まで休暇をいただいております。お急ぎの場合は同僚までご連絡ください。"),
    ("zh", "自动答复", "我正在休假，周一回来。紧急情况请联系我的同事。"),
    ("ko", "자동 회신", "월요일까지 휴가 중입니다. 긴급한 일은 동료에게 연락 바랍니다."),
    ("hu", "Automatikus válasz", "Hétfőig szabadságon vagyok."),
    ("ro", "Răspuns automat", "Sunt în concediu până luni."),
    ("el", "Αυτόματη απάντηση", "Βρίσκομαι εκτός γραφείου έως τη Δευτέρα."),
]
ABSENCE_SUBJECTS = [
    "Out of Office: Your door", "Out of the office until Monday", "Abwesenheitsnotiz: Ihre Tür", "Absence du bureau : votre porte",
    "Fuera de la oficina: su puerta", "Fuori sede: la porta", "Fora do escritório: a porta", "Afwezigheidsbericht: uw deur",
    "Poza biurem: drzwi", "Нет на месте: дверь", "Поза офісом: двері", "Frånvaro: dörren", "Fravær: døren", "Poissa: ovi", "Mimo kancelář: dveře",
    "Ofis dışında: kapı", "Vắng mặt: cánh cửa", "不在通知：ドア", "不在办公室: 门", "부재중: 문",
]  # fmt: skip


def ndr(prefix: str, opening: str) -> bytes:
    """Return a failed delivery as Exchange words it, without its fields: some relays keep only the text."""
    body = f"{opening}\n\nCarol<mailto:{DEAD}>\n\n{DEAD}\n#550 5.1.1 RESOLVER.ADR.RecipNotFound ##\n"
    return letter(
        f"Subject: {prefix}: Your door",
        f"In-Reply-To: {SENT}",
        "Return-Path: <>",
        body=body,
        sender="postmaster@customer.example",
    )


def away(subject: str, *headers: str, body: str) -> bytes:
    """Return what an absence assistant sends."""
    return letter(f"Subject: {subject}", *headers, body=body)


def gone(name: str, raw: bytes) -> Sample:
    """Return a sample of somebody who is away."""
    return Sample(name, raw, "out_of_office", automatic=True)


SAMPLES: list[Sample] = [
    *(bounce(f"exchange-{language}", ndr(prefix, opening)) for language, prefix, opening in NDR),
    *(gone(f"outlook-{language}", away(f"{prefix}: Your door", body=text)) for language, prefix, text in AWAY),
    *(
        gone(f"header-{language}", away("Re: Your door", "Auto-Submitted: auto-replied", body=text))
        for language, _, text in AWAY
    ),
    *(
        gone(f"no-header-{language}", away("Re: Your door", f"In-Reply-To: {SENT}", body=text))
        for language, _, text in AWAY[:20]
    ),
    *(
        gone(f"subject-{number}", away(subject, body="Back on Monday."))
        for number, subject in enumerate(ABSENCE_SUBJECTS)
    ),
]
