"""What programs and telephones write into a mail by themselves: their own signature, and where to answer."""

# ruff: noqa: E501 - tables of words read best unbroken

import re

from tickets.mail.phrases import needed, split_outside

REPLY_ABOVE = re.compile(
    r"\W{0,40}(?:please )?(?:(?:type|write|enter) your (?:reply|response) above this line|reply above "
    r"(?:this|the) line|"
    r"please reply above this line|replies? above this line|do not (?:write|type) below this line|"
    r"bitte (?:antworten sie )?oberhalb dieser (?:linie|zeile)(?: antworten)?|antwort(?:en sie)? (?:bitte "
    r")?(?:über|oberhalb) dieser "
    r"(?:linie|zeile)|répondez au[- ]dessus de cette ligne|(?:responda|responder|escriba su respuesta) "
    r"(?:por )?encima de esta línea|"
    r"rispondi sopra questa (?:linea|riga)|responda acima desta linha|antwoord boven deze (?:lijn|regel)|"
    r"svara ovanför (?:den här|denna) (?:linjen|raden))",
    re.IGNORECASE,
)

# Each stands for a whole line; what comes before and after it is no letter.
_LINES = (
    r"Sent (?:wirelessly )?(?:from|via|with|using|by) .{2,80}|(?:Get|Download|Try) Outlook for \w{2,10}.{0,80}|From my [\w ]{2,20}|\w{2,20} from mobile",
    r"(?:Diese Nachricht wurde )?von meinem .{2,60} gesendet|Gesendet (?:von|mit|aus|über) .{2,60}|Outlook für .{2,30} (?:beziehen|herunterladen|laden)",
    r"Holen Sie sich Outlook für .{2,30}|Laden Sie Outlook für .{2,30} herunter",
    r"Envoyé (?:sans fil )?(?:de|depuis|à partir de|par|avec|via) .{2,80}|Télécharger Outlook pour .{2,30}|Obtenir Outlook pour .{2,30}",
    r"Enviado (?:desde|do|a partir d|de|pelo|con|com|via) .{2,60}|(?:Obtener|Obtenga|Descargar) Outlook para .{2,30}|(?:Obter|Baixar|Obtenha) o? ?Outlook para .{2,30}",
    r"Inviato (?:da(?:l mio)?|con|tramite) .{2,60}|(?:Scarica|Ottieni) Outlook per .{2,30}",
    r"(?:Verzonden|Verstuurd) (?:vanaf|met|vanuit|via|door) .{2,60}|(?:Downloaden?|Download) Outlook voor .{2,30}|Outlook voor .{2,30} (?:downloaden|ophalen)",
    r"Skickat (?:från|med) .{2,60}|(?:Hämta|Skaffa) Outlook för .{2,30}|Sendt (?:fra|med) .{2,60}|(?:Hent|Få|Last ned) Outlook (?:til|for) .{2,30}",
    r"Lähetetty .{2,60}|(?:Hanki|Lataa) Outlook .{2,30}|Outlook (?:für|pour|para|per|voor|för|til|dla) .{2,30}",
    r"Wysłan[eoy]? (?:z|ze|za pomocą) .{2,60}|Pobierz (?:program )?Outlook dla .{2,30}|Odesláno (?:z|ze|přes) .{2,60}|Odoslané z .{2,60}|Získat Outlook pro .{2,30}",
    r"Отправлено (?:с|из|через|от|посредством) .{2,60}|(?:Скачать|Получить) Outlook для .{2,30}|Надіслано (?:з|із|від|через) .{2,60}|Отримати Outlook для .{2,30}",
    r".{2,40}(?:'|’)?(?:den|dan|ten|tan) gönderildi|.{2,20} için Outlook['’]u edinin|Στάλθηκε από .{2,60}|Λήψη του Outlook για .{2,30}",
    r"Trimis (?:de pe|din|de la|cu) .{2,60}|(?:Elküldve|Küldve) .{2,60}|(?:Az? )?.{2,40} (?:el)?küldve|Poslano (?:iz|s|sa|z) .{2,60}|Изпратено от .{2,60}|Послато са .{2,60}",
    r"Đã gửi từ .{2,60}|Được gửi từ .{2,60}|(?:Tải|Lấy) Outlook cho .{2,30}|Dikirim dari .{2,60}|ส่งจาก.{2,40}",
    r"发自(?:我的)?.{2,40}|(?:傳送|寄)自.{2,40}|從我的.{2,40}傳送|从我的.{2,40}发送|获取 ?Outlook.{2,30}|取得 ?Outlook.{2,30}|.{1,30}から送信|.{2,20}(?:版|用) ?Outlook ?を入手|나의 .{2,30}에서 보냄|.{2,30}에서 (?:보냄|전송)",
    r"(?:أُرسلت|أرسلت|تم الإرسال|مرسل|أُرسل) من .{2,40}|נשלח מ.{2,40}|ارسال شده از .{2,40}",
)
_DEVICE = re.compile(rf"[\s(<*_“\"'\[–—-]{{0,4}}(?:{'|'.join(_LINES)})\W{{0,4}}", re.IGNORECASE)
# Pieces of which every such line has one: to look for them first spares the pattern almost every line.
_PIECES = frozenset(piece.lower() for one in split_outside("|".join(_LINES), "|") for piece in needed(one))
_ASCII_PIECES = frozenset(piece for piece in _PIECES if piece.isascii())
_PROSE = re.compile(
    r",(?! (?:please|pls|excuse|sorry|so please|apologi))\s|\b(?:is|are|was|were|to|and|but)\b", re.IGNORECASE
)
_LINK = re.compile(r"<?\bhttps?:\S{1,300}|\[([^\]]{2,60})\]\([^)]{1,300}\)")


def is_device_signature(line: str) -> bool:
    """Tell whether a line is what a telephone or mail program signs with by itself: `Sent from my iPhone`."""
    text = _LINK.sub(lambda found: found[1] or "", line).strip()
    if len(text) > 110 or not _may_be_one(text) or not _DEVICE.fullmatch(text):
        return False
    return not (text[:5].lower() == "sent " and _PROSE.search(text))


def _may_be_one(text: str) -> bool:
    small = text.lower()
    if small.isascii():
        return any(piece in small for piece in _ASCII_PIECES)
    small = small.replace("i̇", "i")
    return any(piece in small for piece in _PIECES)
