"""The words with which mail programs of many languages introduce quoted history."""

# ruff: noqa: E501 - tables of words and samples read best unbroken

import re

# Verbs of `On ... somebody wrote:`.
_WROTE = (
    "wrote|writes|said|has written|schreef|schrieb|schrieben|hat geschrieben|geschrieben|a écrit|a ecrit|"
    "écrivait|écrit|"
    "escribió|escribio|ha escrito|escribiste|ha scritto|scrisse|scritto|escreveu|escreveram|napisał|"
    "napisała|napisał\\(a\\)|"
    "napisali|pisze|napsal|napsala|napsal\\(a\\)|napísal|napísala|napísal\\(a\\)|píše|"
    "написал|написала|написал\\(а\\)|пишет|писал|писала|писали|написав|написала|написав\\(ла\\)|пише|написа|писао|"
    "skrev|skriver|kirjoitti|yazdı|yazmış|yazdi|írta|irta|a scris|έγραψε|έγραψαν|napisao|napisala|napisao/la|"
    "napisao/la je|je napisao|je napisala|je napisal|написао|написала|rašė|parašė|rakstīja|kirjutas|va escriure|ha escrit|escribiu|skrifaði|đã "
    "viết|viết|menulis|napisana przez|nous a dit|skrev følgende|skrev följande|"
    "wrote the following|sent the following|zitat von|quoting|citando|citat från|citaat van|citation de|quote from"
)
# Where no word boundary can be asked for.
_WROTE_ANYWHERE = (
    "写道|寫道|編寫|撰写|のメール|書きました|書いた|さんが書|님이 작성|작성|썼|כתב|מאת|كتب|كتابة|نوشت|เขียน|लिखा"
)
WROTE = re.compile(rf"(?<!\w)(?:{_WROTE})(?!\w)|{_WROTE_ANYWHERE}", re.IGNORECASE)

# First words of such a line.
OPENER = re.compile(
    r"(?:On|At|In|Am|Wiadomość|Missatge de|Вы|Ви|Dana|V|เมื่อ|در|Le|El|Il|Em|No dia|A|Op|W dniu|Dnia|Den|Dne|Dňa|D\.|Pe|Pada|Vào|Ngày|Na|Em|Kl|"
    r"В|Від|На|Στις|La data de|În|Tarih|Quoting|Citando|Zitat von|Citat|Citaat|El día|Il giorno|El dia|"
    r"在|於|于|日期|בתאריך|ב-|في|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Lun|Mar|Mer|Gio|Ven|Sab|Dom|"
    r"Mo|Di|Mi|Do|Fr|Sa|So|ma|di|wo|do|vr|za|zo|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|"
    r"Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|"
    r"zondag|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|lunes|martes|miércoles|jueves|viernes|sábado|"
    r"domingo|segunda|terça|quarta|quinta|sexta|pon\.|wt\.|śr\.|czw\.|pt\.|sob\.|niedz\.|poniedziałek|wtorek|środa|"
    r"czwartek|piątek|sobota|niedziela|pondělí|úterý|středa|čtvrtek|pátek|neděle|po|út|st|čt|pá|so|ne|"
    r"понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|пн|вт|ср|чт|пт|сб|вс|понеділок|вівторок|середа|"
    r"четвер|пʼятниця|субота|неділя|нд|måndag|tisdag|onsdag|torsdag|fredag|lördag|söndag|mån|tis|ons|tors|tor|fre|lör|"
    r"sön|mandag|tirsdag|lørdag|søndag|man|tir|lør|søn|maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai|"
    r"sunnuntai|ma|ti|ke|to|pe|la|su|Pazartesi|Salı|Çarşamba|Perşembe|Cuma|Cumartesi|Pazar)(?=[\s,.:;]|\d)"
    r"|\d{1,4}[-.:/年년\s]|\"?[^\s<>]{1,60}@|在|於",
    re.IGNORECASE,
)
DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}\s?[:.h]\s?\d\d(?!\d)|"
    r"(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)|\d年|\d년"
)

_ORIGINAL = (
    "original message|original email|antwort nachricht|original mail|original appointment|reply message|ursprüngliche nachricht|"
    "ursprüngliche mail|originalnachricht|original-nachricht|original nachricht|antwort auf|message d'origine|"
    "message d’origine|message original|message initial|mensaje original|mensaje original:|correo "
    "original|messaggio originale|"
    "mensagem original|oorspronkelijk bericht|oorspronkelijke bericht|origineel bericht|ursprungligt meddelande|"
    "originalmeddelande|ursprungsmeddelande|oprindelig besked|opprinnelig e-post|original meddelelse|oprindelig meddelelse|opprinnelig melding|"
    "original melding|alkuperäinen viesti|oryginalna wiadomość|wiadomość oryginalna|wiadomość pierwotna|původní zpráva|"
    "původní e-mail|pôvodná správa|eredeti üzenet|mesaj original|исходное сообщение|оригинальное сообщение|"
    "первоначальное сообщение|исходное письмо|оригінальне повідомлення|початкове повідомлення|вихідне повідомлення|"
    "orijinal ileti|orijinal mesaj|özgün ileti|αρχικό μήνυμα|thư gốc|tin nhắn gốc|tin nhắn ban đầu|pesan asli|"
    "原始邮件|原始郵件|原邮件|邮件原件|回复的原邮件|回复的原始邮件|原来的邮件|元のメッセージ|元のメール|원본 메시지|원본 메일|originalpost|izvorna poruka|izvirno sporočilo"
)
_FORWARDED = (
    "forwarded message|forwarded mail|forwarded email|forwarded by|begin forwarded message|weitergeleitete nachricht|"
    "weitergeleitete mail|anfang der weitergeleiteten nachricht|anfang der weitergeleiteten e-mail|message transféré|"
    "début du message transféré|début du message réexpédié|message transmis|mensaje reenviado|inicio del "
    "mensaje reenviado|"
    "messaggio inoltrato|inizio messaggio inoltrato|inizia messaggio inoltrato|mensagem encaminhada|"
    "mensagem reencaminhada|início da mensagem encaminhada|início da mensagem reencaminhada|doorgestuurd bericht|"
    "begin doorgestuurd bericht|vidarebefordrat meddelande|vidarebefordrat brev|börja vidarebefordrat meddelande|"
    "videresendt meddelelse|videresendt melding|videresend fra|start på videresendt meddelelse|videresendt besked|"
    "begynnelse på videresendt melding|välitetty viesti|edelleenlähetetty viesti|välitetty viesti alkaa|"
    "przekazana wiadomość|treść przekazanej wiadomości|wiadomość przekazana dalej|początek przekazywanej wiadomości|"
    "przeposlaná zpráva|přeposlaná zpráva|předaná zpráva|začátek přeposlané zprávy|preposlaná správa|"
    "továbbított üzenet|mesaj redirecționat|mesaj redirectionat|пересылаемое сообщение|пересланное сообщение|"
    "пересылаемое письмо|начало переадресованного сообщения|переслане повідомлення|переслане письмо|"
    "iletilen ileti|iletilen mesaj|yönlendirilen ileti|iletinin başlangıcı|yönlendirilmiş mesaj|προωθημένο μήνυμα|"
    "thư đã chuyển tiếp|thư được chuyển tiếp|chuyển tiếp thư|tin nhắn được chuyển tiếp|bắt đầu thư đã chuyển tiếp|"
    "转发的邮件|转发邮件|轉寄的郵件|轉寄郵件|下面是被转发的邮件|以下是轉寄的郵件|転送されたメッセージ|転送メッセージ|転送されたメール|"
    "전달된 메시지|전달된 메일|proslijeđena poruka|započni proslijeđenu poruku|ileti başlangıcı|iletilen mesajın başlangıcı|"
    "початок листа, що пересилається|початок переадресованого|переадресоване повідомлення|începe mesajul redirecționat|"
    "începutul mesajului redirecționat|začiatok preposlanej správy|začátek přeposílané zprávy|továbbított levél|"
    "メッセージを転送|開始轉寄|开始转发|以下是转发|έναρξη προωθημένου μηνύματος|הודעה שהועברה|התחלת הודעה שהועברה|رسالة معاد توجيهها|"
    "بدء الرسالة المعاد توجيهها|pesan terusan|pesan yang diteruskan|awal pesan|missatge reenviat|inici del missatge reenviat|"
    "ข้อความที่ถูกส่งต่อ|ข้อความที่ส่งต่อ"
)
_ORIGINAL_TITLES = frozenset(_ORIGINAL.split("|"))
_PROCESSED = re.compile(r"original message processed by \w{2,20}", re.IGNORECASE)  # and no frame
_FORWARD_TITLES = tuple(_FORWARDED.split("|"))
_FRAME = " \t-\u2010\u2011\u2012–—―_=*<>:：.#|"


def is_original_title(line: str) -> bool:
    """Tell whether a line says only that the original message follows."""
    return line.strip(_FRAME).lower() in _ORIGINAL_TITLES


def is_unframed_title(line: str) -> bool:
    """Tell whether a line is the title of the one program that sets no dashes around it."""
    return bool(_PROCESSED.match(line.lstrip("[* ")))


def is_forward_title(line: str) -> bool:
    """Tell whether a line says that a forwarded message follows."""
    return line.strip(_FRAME).lower().replace("i̇", "i").startswith(_FORWARD_TITLES)


FORWARD_SUBJECT = re.compile(
    r"(?:\[[^\]]{0,60}\]\s{0,3}){0,2}(?:fwd?|wg|tr|rv|enc|doorst|vs|vl|vb|pd|tov|ilt|i̇lt|trs|i|inoltro|转发|轉寄|转寄|転送|전달|"
    r"пересл|переслать)\s?[:：]",
    re.IGNORECASE,
)

REPLY_SUBJECT = re.compile(
    r"(?:\[[^\]]{0,60}\]\s{0,3}){0,2}(?:re|aw|antw|antwort|sv|vs|odp|rif|res|ynt|yan|atb|r|ha|vá|απ|回复|答复|回覆|答覆|返信|회신|"
    r"ответ|отв|відп)\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]",
    re.IGNORECASE,
)
