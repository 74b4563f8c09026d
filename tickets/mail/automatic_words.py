"""Words of automatic answers and of absence, in the languages in which customers write."""

# ruff: noqa: E501 - tables of words read best unbroken

import re

from tickets.mail.phrases import Phrases, alternatives

_AUTOMATIC = "|".join(
    alternatives(r"""
auto(?:mated|matic)?[ -]?(?:reply|response|responder|answer|acknowledge?ment) | autoreply | autoresponse | auto-?resp | auto-?generated (?:reply|response|message)
automatische (?:antwort|rückantwort|e-?mail-?antwort|eingangsbestätigung) | autom(?:at)?\. ?antwort | eingangsbestätigung | automatisch (?:antwoord|bericht) | ontvangstbevestiging | réponse automatique | accusé de réception automatique
respuesta autom[áa]tica | contestador autom[áa]tico | risposta automatica | risposta non al computer | resposta autom[áa]tica | resposta automàtica | mensagem automática
automatyczna odpowiedź | odpowiedź automatyczna | autoodpowiedź | автоматический ответ | автоответ(?:чик)? | автоматична відповідь | автовідповідь | автоматичен отговор
autosvar | automatisk[t]? svar | automaattinen (?:vastaus|vastausviesti) | automaattivastaus | automatická odpov[ěe][dď] | automatická odpoveď | otomatik (?:yanıt|cevap) | trả lời tự động | thư trả lời tự động | balasan otomatis
自動(?:応答|返信|回覆|回复) | 自动(?:答复|回复|应答) | 자동 ?(?:응답|회신) | automatikus válasz | răspuns automat | automātisk[āa] atbilde | automatinis atsakymas | automaatvastus | samodejni odgovor | automatski odgovor | αυτόματη απάντηση | sjálfvirkt svar | מענה אוטומטי | תשובה אוטומטית | تلقائي رد | رد تلقائي | الرد التلقائي | การตอบกลับอัตโนมัติ
""")
)
_BRACKETED = (
    r"\s*\[auto[ -]?generated\]|(?:\S{1,30}\s){1,4}autom[aā]tisk[aā] atbilde\s*:|.{0,200}\((?:automatic (?:response|reply)|"
    r"auto-?reply|automatische antwort|réponse automatique|respuesta automática)\)\s*$"
)
# What programs put before the subject they answer. A delimiter must follow: people write about such answers, too.
AUTOMATIC_SUBJECT = re.compile(
    rf"\s*(?:\[[^\]]{{0,40}}\]\s*)?(?:{_AUTOMATIC})\s*[:：(\[|「【]|{_BRACKETED}", re.IGNORECASE
)
# The same without a delimiter; then other things must speak for a program as well.
AUTOMATIC_BEGINNING = re.compile(rf"\s*(?:\[[^\]]{{0,40}}\]\s*)?(?:{_AUTOMATIC})(?!\w)", re.IGNORECASE)
# An absence, said by a program: enough without any header.
AWAY_SUBJECT = Phrases(r"""
out[ -]of[ -](?:the[ -])?office(?![ -](?:hours?|time|support|cover|call|suppl|furnitur|equip|rent)) | \booo\s*[:\-] | \boof\s*[:\-] | away from (?:my|the) (?:office|desk|e-?mail|mail) | absence notif
(?:on|annual|maternity|paternity|parental|sick) (?:vacation|holiday|leave) (?:until|till|from|through|:|notice|reply|message|$) | on vacation\s*$ | vacation(?:\s*:|[ -](?:reply|response|notice|message|auto|alert)) | i(?:'m| am) (?:currently )?(?:away|out|on (?:vacation|holiday|leave)|abroad)
abwesenheits(?:notiz|nachricht|assistent|meldung|mitteilung|benachrichtigung|info|hinweis) | abwesen(?:d|heit)\s*: | nicht (?:im büro|im haus|am platz)(?: bis| vom|:|\s*$) | urlaubs(?:notiz|meldung|abwesenheit|benachrichtigung) | außer haus(?: bis| vom|:|\s*$) | (?:ich bin )?im urlaub(?: bis| vom|:|\s*$)
afwezig(?:heids(?:bericht|melding|assistent|notitie)|heid\s*:|\s*:|\s*$) | niet aanwezig(?: tot|:|\s*$) | buiten kantoor(?: tot|:|\s*$) | (?:met|op) vakantie(?: tot|:|\s*$)
(?:absence|absente?) du bureau | (?:message|notification|avis|réponse) d['’]absence | (?:je suis )?absente?s?\s*(?:: | du | jusqu) | absence\s*: | en (?:congés?|vacances)\s*(?:: | du | jusqu|$) | hors du bureau
fuera de (?:la )?oficina | (?:mensaje|notificación|aviso|respuesta) de ausencia | ausente\s*: | ausencia\s*: | de vacaciones\s*(?:: | hasta|$) | ausencia temporal
fuori (?:sede|ufficio|dall'ufficio) | (?:messaggio|notifica|avviso) di assenza | assen(?:te|za)\s*(?:: | dall| fino|$) | in ferie\s*(?:: | fino| dal|$)
fora d(?:o|e) escritório | (?:mensagem|aviso|notificação) de ausência | ausente d | ausência\s*: | ausente\s*: | de férias\s*(?:: | até|$)
poza biurem | nieobecn(?:y|a|ość)(?: w biurze|\s*:|\s*$) | na urlopie | powiadomienie o nieobecności
нет на месте | вне офиса | в отпуске(?: до| с|:|\s*$) | отсутств(?:ие|ую|ует)(?: на рабочем месте|\s*:|\s*$) | уведомление об отсутствии | поза офісом | у відпустці(?: до| з|:|\s*$) | відсутн(?:ій|я|ість)(?: на робочому місці|\s*:|\s*$) | повідомлення про відсутність
frånvar(?:o|ande)(?:meddelande|\s*:|\s*$|: ) | inte på kontoret | på semester(?: till|:|\s*$) | ikke (?:på kontoret|til stede)(?: til|:|\s*$) | fravær(?:smelding|sbesked|sassistent|\s*:|\s*$) | på ferie(?: til| indtil|:|\s*$) | ikke-til-stede
poissa(?:olo(?:ilmoitus)?|\s*:| toimistosta|\s*$) | en ole (?:paikalla|toimistolla) | lomalla(?: asti|:|\s*$) | mimo kancelář | nepřítomn(?:ost|ý|á)\s*(?:: |$|oznámení) | na dovolené(?: do|:|\s*$) | mimo kanceláriu
ofis(?:te)? (?:dışı|yok) | izinde(?:yim)?(?:\s*:|\s*$) | tatilde(?:yim)?(?:\s*:|\s*$) | ofis dışında | vắng mặt | đi vắng | nghỉ phép
不在(?:の(?:お知らせ|連絡|通知)|に|通知|届|です|$|[:：]) | 休暇(?:中|のお知らせ|[:：]) | 外出中 | 不在办公室 | 不在辦公室 | (?:正在)?休假(?:中|通知|[:：]|$) | 外出(?:通知|[:：]) | 부재 ?중 | 휴가 ?(?:중|[:：]) | 외근
házon kívül | szabadságon vagyok | irodán kívül | absent din birou | în afara biroului | în concediu(?: până|:|\s*$) | prombūtn | ārpus biroja | arpus biroja | nesu biure | atostog(?:ose|auju) | kontorist (?:väljas|eemal) | puhkusel(?: kuni|:|\s*$) | odsotn?ost | odsoten | izvan ureda | na godišnjem odmoru | εκτός γραφείου | απουσία\s*: | извън офиса | מחוץ למשרד | خارج المكتب | di luar kantor
""")
# A person's question about such answers, beside the words of absence in a subject.
ABOUT_ITSELF = re.compile(
    r"\b(?:not|nicht|keine?|pas|non|nie|не|inte|ikke|není|neni|değil|problem\w*|problèm\w*|errore?|fehler\w*|erreur|help|hilfe|aide|"
    r"ayuda|aiuto|ajuda|broken|kaputt|defekt|set ?up|einrichten|einstellen|configur\w*|how|wie|comment|cómo|come|como|jak|как|"
    r"question|frage|pregunta|domanda|vraag|request|antrag|booking|account|access|while|während|pendant)\b|n['’]t\b",
    re.IGNORECASE,
)  # fmt: skip
# An absence in the text of what is known to be automatic.
AWAY = Phrases(r"""
out of (?:the )?office | out of office | on (?:annual |maternity |paternity |parental |sick |family |a |my )?(?:vacation|holidays?|leave)\b | (?:be |am |is |i'm |currently )away\b | away (?:from|until|on|till|through) | not (?:be )?in (?:the|my) office | unavailable until | (?:will )?(?:be )?(?:back|return(?:ing)?) (?:in the office |to the office )?on\b | no access to (?:my )?e-?mail | limited access to | travell?ing (?:until|on business)
off sick | sick leave | time off | back (?:at|in) (?:my|the) (?:desk|office) | (?:maternity|paternity|parental) leave | \bbusiness trip | (?:i'll|i will) be back
abwesen | nicht im (?:büro|haus|hause|dienst) | nicht (?:am (?:arbeits)?platz|erreichbar) | im (?:urlaub|mutterschutz|krankenstand) | in (?:elternzeit|mutterschutz) | im mutterschutz | krankgeschrieben | auf dienstreise | befinde mich[^.?]{0,40}urlaub | außer haus | außerhalb des büros | bin (?:ich )?(?:wieder )?(?:ab|bis|vom) .{0,40}(?:erreichbar|zurück|im urlaub)
afwezig | niet (?:aanwezig|op kantoor|bereikbaar) | buiten kantoor | (?:met|op) (?:vakantie|verlof|zakenreis) | (?:in|de) vakantie | (?:zwangerschaps|ouderschaps|ziekte)verlof | ziekgemeld | arrêt maladie | congé (?:maternité|parental|maladie) | absen(?:ce|te?s?)\b | en (?:congés?|vacances|déplacement) | hors du bureau | de retour le
fuera de (?:la |mi )?oficina | ausen(?:te|cia) | de (?:vacaciones|baja|viaje|permiso) | no (?:estaré|estoy) (?:disponible|en la oficina) | fuori (?:sede|ufficio) | assen(?:te|za) | in (?:ferie|vacanza|trasferta|malattia|maternità) | fora d[oe] escritório | ausência | de férias | ausente
poza biurem | nieobecn | na urlopie | przebywam na | zwolnieniu lekarskim | na urlopie macierzyńskim | w delegacji | отсутств | в отпуске | вне офиса | в командировке | на больничном | в декретном | нахожусь вне | відсутн | у відпустці | поза офісом | у відрядженні | на лікарняному
frånvar | inte på (?:kontoret|plats) | (?:på|har) semester | föräldraledig | tjänstledig | sjukskriven | på tjänsteresa | ledig (?:till|fram|från) | ikke (?:på kontoret|til stede|tilgjengelig) | fravær | på ferie | (?:holder|har) (?:ferie|fri) | (?:på|har) (?:barsel|orlov|permisjon) | sykemeldt | sygemeldt | på forretningsrejse | på tjenestereise | poissa | en ole (?:paikalla|toimistolla) | lomalla | vuosilomalla | vanhempainvapaalla | äitiyslomalla | sairauslomalla | työmatkalla | mimo kancelář | nepřítomn | na dovolené | čerpám dovolenou | na mateřské | v pracovní neschopnosti | na služební cestě | mimo kanceláriu | na dovolenke | ofis(?:te)? (?:dışı|olmay|değil) | izin(?:de|li)\b | izindeyim | tatilde | yıllık izin | raporluyum | iş seyahatinde | vắng mặt | đi vắng | nghỉ phép | công tác
不在 | 休暇 | 外出 | 出張 | 休業 | 休み(?:を|に|で) | 休假 | 度假 | 出差 | 부재 | 휴가 | 자리를 비 | 출장 | házon kívül | szabadságon | nem vagyok (?:az irodában|elérhető) | concediu | nu sunt la birou | absent | prombūtn | atvaļinājum | atvalinajum | atostog | puhkus | kontorist | odsot | dopust | odsut | godišnj | εκτός γραφείου | απουσ | σε άδεια | извън офиса | отпуск | מחוץ למשרד | בחופשה | إجازة | خارج المكتب | cuti | ลาพัก
""")
# Sentences of people who set up an answer for their absence; one of them beside an absence is telling.
ARRANGED = Phrases(r"""
(?:limited|no|intermittent|sporadic|restricted|not have) access to (?:my )?(?:e-?mails?|mail|messages) | (?:reply|respond|answer|get back|attend)[^.?]{0,40}(?:upon|on|when|after|once)[^.?]{0,12}(?:my )?(?:return|back) | (?:upon|after|on) my return | will not be (?:forwarded|read) | (?:not|neither) (?:be )?(?:forwarded|monitored) | e-?mails? (?:are|is|will be) not (?:read|forwarded)
(?:urgen|urgên|emergen|emergên|immediate|pressing|dringend|eilig|spoed|akut|brådskande|haster|hastesag|kiireel|kiireis|piln[yea]|nagły|naléhav|neodklad|acil|срочн|экстренн|термінов|невідкладн|khẩn|gấp)[^.?]{0,80}(?:contac|contat|kontakt|call|phone|reach|e-?mail|write|wenden|richten|rufen|schreib|appel|adress|joindre|écri|llam|escrib|dir[ií]j|telefon|chiam|scriv|rivolg|ligue|fale|\bbel|mail|ring|mejl|skriv|yhtey|soit|prosz|dzwo|obra[tť]|zavol|volej|iletişim|\bara|ulaş|пиш|звон|обращ|связ|телефон|зверт|liên hệ|gọi)(?!\w{0,6} (?:me|us|mich|uns|moi|nous|mij|mig|mnie|мне|мені|нам)\b)
(?:contact|kontakta?|wenden sie sich|contacter|contactar|contattare|contacte|skontaktować|обращайтесь|звертайтеся|ring|call|bel|yhteyttä|kontaktujte|başvurun)(?!\w{0,4} (?:me|us|mich|uns|moi|nous|mij|mig|mnie|меня|нас|мене)\b)[^.?]{0,60}(?:urgen|urgên|emergen|emergên|dringend|spoed|brådskande|akut|hastesag|haster|kiireel|piln[yea]|nagły|naléhav|acil|срочн|термінов|невідкладн) | (?:nicht|weder)[^.?]{0,30}weitergeleitet | nach meiner rückkehr | (?:keinen|nur (?:eingeschränkt|begrenzt))[^.?]{0,30}(?:zugriff|zugang) | meine vertretung | vertretung (?:übernimmt|erfolgt)
niet (?:worden )?doorgestuurd | na mijn terugkomst | bij terugkomst | beperkt[^.?]{0,20}toegang | (?:à|dès|après) mon retour | ne (?:sera|seront) pas (?:lu|transf|trait)
(?:a|tras) mi (?:regreso|vuelta|retorno) | acceso (?:limitado|restringido) | al mio (?:rientro|ritorno) | accesso limitato | (?:no|após o|depois do) meu (?:regresso|retorno) | quando (?:regressar|retornar|voltar) | acesso limitado
po (?:moim )?powrocie | после (?:моего )?возвращения | після (?:мого )?повернення | när jag (?:är|kommer) tillbaka | når jeg er (?:tilbage|tilbake) | palattuani | po (?:svém )?návratu | döndüğümde | dönüşümde | khi (?:tôi )?(?:trở lại|quay lại)
(?:お急ぎ|緊急)[^。]{0,40}(?:連絡|電話) | 戻り次第 | 復帰後 | (?:紧急|急事|緊急)[^。]{0,40}(?:联系|聯絡|致电|拨打) | 回来后 | 返回后 | (?:급한|긴급)[^.]{0,40}(?:연락|전화) | 복귀 (?:후|하는)
""")
# A program says of itself that it is one.
AUTOMATIC_BODY = Phrases(r"""
(?:this|the following) (?:is|was|has been) (?:an? )?(?:automat(?:ic|ed|ically)|auto-?generated|auto|system[- ]generated|computer[- ]generated) (?:\w+ ){0,3}(?:reply|response|message|notification|answer|e-?mail|generated|sent|acknowledge) | this (?:e-?mail|message|reply|response) (?:was|is|has been) (?:sent |generated |created )?automatically | (?:please )?do not (?:reply|respond) to this (?:automat|auto-?generated|e-?mail|message|notification) | automatically generated (?:reply|response|message|e-?mail)
(?:dies|hier|das) ist eine (?:automatisch\w*|systemgenerierte|maschinell\w*) (?:\w+ )?(?:antwort|rückantwort|nachricht|e-?mail|mail|benachrichtigung|eingangsbestätigung) | (?:diese|die) (?:e-?mail|nachricht|mail|antwort) (?:wurde|wird) (?:automatisch|maschinell|vom system) | bitte antworten sie nicht auf diese
(?:ceci est|il s['’]agit|\bce)[^.?]{0,12}(?:réponse|message|courriel|mail)[^.?]{0,30}automatique | merci de ne pas (?:y )?répondre | ne pas répondre à ce
(?:est[aeo]|se trata de)[^.?]{0,20}(?:correo|mensaje|respuesta|e-?mail|notificación)[^.?]{0,30}automátic | (?:por favor,? )?no responda a este | (?:quest[ao]|si tratta di)[^.?]{0,20}(?:risposta|messaggio|e-?mail|mail)[^.?]{0,30}automatic | (?:si prega di )?non rispondere a quest | (?:est[ae]|trata-se de)[^.?]{0,20}(?:mensagem|resposta|e-?mail)[^.?]{0,30}automátic | (?:favor |por favor,? )?não responda a est
dit is een automatisch\w* (?:\w+ )?(?:bericht|antwoord|e-?mail|mail|bevestiging) | dit bericht (?:is|wordt) automatisch | (?:gelieve|graag) niet te (?:antwoorden|reageren) op | detta är ett automatiskt? (?:\w+ )?(?:svar|meddelande|mejl|e-post) | detta meddelande (?:har )?skickats automatiskt | svara (?:inte|ej) på detta (?:mejl|meddelande|e-post) | dette er (?:et|en) (?:automatisk|autogenereret)\w* (?:\w+ )?(?:svar|melding|mail|e-?mail|e-post|besked|meddelelse|kvittering)
tämä on automaatti\w* (?:\w+ )?(?:vastaus|viesti|ilmoitus) | tämä viesti on (?:lähetetty )?automaatti | älä vastaa tähän
(?:to jest|\bta|niniejsza)[^.?]{0,20}(?:wiadomość|odpowiedź|e-?mail|automatyczn\w{1,3} (?:odpowiedź|wiadomość))[^.?]{0,30}(?:automatyczn|\.|$) | prosimy (?:nie odpowiadać|o nieodpowiadanie) | (?:toto|tato|tento)[^.?]{0,20}(?:zpráva|odpověď|e-?mail)[^.?]{0,30}automatick | toto je automatick\w{1,3} (?:zpráva|odpověď|e-?mail) | neodpovídejte na
(?:это|данное|настоящее)[^.?]{0,20}(?:письмо|сообщение|ответ)[^.?]{0,30}автоматическ | это автоматическ\w{1,3} (?:ответ|сообщен|письм|уведомлен) | не отвечайте на это | (?:\bце|цей|дане)[^.?]{0,20}(?:лист|повідомлення|відповідь)[^.?]{0,30}автоматичн | це автоматичн\w{1,3} (?:відповід|повідомлен) | не відповідайте на
\bbu (?:e-?posta|ileti|mesaj|yanıt)[^.?]{0,30}otomatik | \bbu otomatik (?:bir )?(?:yanıt|mesaj|e-?posta|ileti) | lütfen (?:bu )?[^.?]{0,20}yanıtlamayın | đây là (?:thư|e-?mail|tin nhắn|phản hồi)[^.?]{0,20}tự động | (?:vui lòng|xin) (?:đừng|không) (?:trả lời|phản hồi)
自動(?:的に)?(?:送信|返信|配信|応答) | このメールに(?:は)?(?:ご)?返信 | (?:此|本|这封|這封)(?:邮件|郵件|信件|信)[^。]{0,12}(?:自动|自動) | (?:这|這|此)是[^。]{0,6}(?:自动|自動)(?:回复|回覆|邮件|郵件) | (?:请勿|請勿)(?:直接)?(?:回复|回覆) | 자동(?:으로)? ?(?:발송|발신|응답|회신|생성) | 회신하지 마
""")
# A ticket system thanks for a mail; a number of its own must be there as well.
ACKNOWLEDGED = Phrases(r"""
(?:received|registered|logged) your (?:support )?(?:request|message|e-?mail|mail|enquiry|inquiry|ticket|case|query|question) | your (?:support )?(?:request|message|e-?mail|enquiry|inquiry|ticket|case|query)[^.?]{0,40}(?:has been|was) (?:received|registered|logged|created|opened) | (?:ticket|case|request)[^.?]{0,30}has been (?:created|opened|assigned|received) | thank you for (?:contacting|reaching out to|getting in touch with) (?:us|our|the [^.?]{0,30}(?:support|help ?desk|service|team))
(?:ihre|deine) (?:anfrage|nachricht|e-?mail|mail)[^.?]{0,60}(?:erhalten|eingegangen|registriert|erfasst) | votre (?:demande|message|mail|courriel)[^.?]{0,60}(?:reçu|enregistr|prise? en) | nous avons (?:bien )?reçu votre (?:demande|message|mail|courriel)
hemos recibido su (?:solicitud|consulta|mensaje|correo) | su (?:solicitud|consulta|mensaje|correo)[^.?]{0,60}(?:recibid|registrad) | abbiamo ricevuto la (?:sua|tua|vostra) (?:richiesta|e-?mail) | la (?:sua|tua|vostra) richiesta[^.?]{0,60}(?:ricevuta|registrata|presa in carico) | recebemos (?:a sua|o seu) (?:solicitação|pedido|mensagem|contact?o) | (?:a sua solicitação|o seu pedido)[^.?]{0,60}(?:recebid|registr?ad)
(?:uw|je) (?:vraag|bericht|melding|e-?mail|aanvraag)[^.?]{0,60}(?:ontvangen|geregistreerd) | (?:mottagit|tagit emot|registrerat) (?:ditt|ert?) (?:ärende|meddelande|mejl) | ditt (?:ärende|meddelande)[^.?]{0,60}(?:mottag|registrerats) | vi har (?:modtaget|mottatt) (?:din|deres) (?:henvendelse|mail|e-?mail|e-post|melding|sag|sak) | olemme vastaanottaneet (?:viestisi|pyyntösi|yhteydenottosi)
otrzymaliśmy (?:twoj|państwa|pana|pani) | (?:twoje|państwa) zgłoszenie[^.?]{0,60}(?:zarejestr|przyjęt|otrzym) | ваш(?:е|а|у)? (?:обращение|заявка|запрос|заявку)[^.?]{0,60}(?:принят|получ|зарегистр) | ваш(?:е|а)? (?:звернення|заявк|запит)[^.?]{0,60}(?:прийнят|отриман|зареєстр) | (?:přijali|obdrželi|zaevidovali) jsme (?:váš|vaši) | talebiniz[^.?]{0,60}(?:alın|oluştur|ulaş)
""")
TICKET_NUMBER = re.compile(
    r"[\[(#]\s?#?\s?(?:[A-Z]{2,12}[-:# ]{0,2})?\d{3,18}\s?[\])]?|"
    r"\b(?:ticket|case|request|incident|vorgang|anfrage|demande|dossier|caso|solicitud|richiesta|pedido|zaak|melding|ärende|sag|sak|"
    r"zgłoszeni\w|обращени\w|заявк\w|запрос\w?|звернення|talep)\s?(?:id|no|nr|number|nummer|numéro|número)?\.?\s?[:#№-]{0,2}\s?[A-Z]{0,6}-?\d{2,18}",
    re.IGNORECASE,
)  # fmt: skip
