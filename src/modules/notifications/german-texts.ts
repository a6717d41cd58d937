// What the notifications of a new shop say to customers who read German. The seller's own people read the notification's own words.
type Words = { readonly subject: string; readonly body: string }

const hello = 'Guten Tag{% if customer.contactName %} {{ customer.contactName }}{% endif %},'
const regards = `Mit freundlichen Grüßen
{{ seller.name }}
`
const questions =
  'Bei Fragen schreiben Sie an [{{ seller.email }}](mailto:{{ seller.email }}){% if seller.phone %} oder rufen Sie {{ seller.phone }} an{% endif %}'

const orderFacts = `| | |
|---|---|
| Bestellung | {{ order.number }} |
{% if order.reference %}| Ihr Zeichen | {{ order.reference }} |
{% endif %}| Bestellt am | {{ order.placedOn }} |
| Für | {{ customer.name }} |
| Artikel | {{ order.summary }} |
| Gesamtbetrag mit USt | {{ order.total }} |
`
const orderEnd = `[[button: Bestellung ansehen | {{ order.link }}]]

${questions} und nennen Sie die Bestellnummer.

${regards}`

const subscriptionFacts = `| | |
|---|---|
| Abonnement | {{ subscription.number }} |
| Lizenzen | {{ subscription.quantity }} |
{% if subscription.startsOn %}| Laufzeit | {{ subscription.startsOn }}{% if subscription.endsOn %} – {{ subscription.endsOn }}{% endif %} |
{% endif %}| Bestellung | {{ order.number }} |
`

const invoiceFacts = (name: string, day: string) => `| | |
|---|---|
| ${name} | {{ invoice.number }} |
| Bestellung | {{ order.number }} |
{% if invoice.reference %}| Ihr Zeichen | {{ invoice.reference }} |
{% endif %}| ${day} | {{ invoice.issuedOn }} |
{% if invoice.dueOn %}| Zahlbar bis | {{ invoice.dueOn }} |
{% endif %}| Gesamtbetrag mit USt | {{ invoice.total }} |
`
const invoiceEnd = `[[button: Im Shop ansehen | {{ invoice.link }}]]

${questions} und nennen Sie die Nummer {{ invoice.number }}.

${regards}`

export const germanTexts: Readonly<Record<string, Words>> = {
  'welcome-microsoft-esd-customer': {
    subject: 'Ihre Lizenz ist bereit: {{ licence.product }}',
    body: `# Ihre Lizenz ist bereit

${hello}

vielen Dank für Ihre Bestellung. **{{ licence.product }}** für {{ customer.name }} kann sofort aktiviert werden. Das ist Ihr Produktschlüssel:

\`\`\`
{{ licence.key }}
\`\`\`

{% if licence.activationLink %}
[[button: Lizenz aktivieren | {{ licence.activationLink }}]]
{% endif %}

{% if licence.downloadLink %}
Sie brauchen noch die Software? [{{ licence.product }} herunterladen]({{ licence.downloadLink }}){% if licence.downloadExpires %} (der Link gilt bis {{ licence.downloadExpires }}){% endif %}.
{% endif %}

| | |
|---|---|
| Bestellung | {{ order.number }} |
| Lizenz | {{ licence.number }} |
{% if reseller.name %}| Verkauft von | {{ reseller.name }} |
{% endif %}
### Wenn der Schlüssel nicht angenommen wird

Bitte prüfen Sie, ob Sie das oben genannte Produkt installieren und den Schlüssel so eingegeben haben, wie er dort steht, mit allen Bindestrichen. Wird er trotzdem abgelehnt, schreiben Sie an [{{ seller.email }}](mailto:{{ seller.email }}){% if seller.phone %} oder rufen Sie {{ seller.phone }} an{% endif %} und nennen Sie die Lizenznummer {{ licence.number }}. Wir kümmern uns darum.

Bitte bewahren Sie diese E-Mail sicher auf: Wer den Schlüssel hat, kann ihn verwenden.

${regards}`,
  },
  'password-reset': {
    subject: 'Wählen Sie ein neues Passwort',
    body: `# Wählen Sie ein neues Passwort

Guten Tag {{ user.name }},

jemand, hoffentlich Sie selbst, hat ein neues Passwort angefordert. Hier können Sie es wählen:

[[button: Neues Passwort wählen | {{ resetLink }}]]

Der Link gilt einmal und bis {{ expires }}. Haben Sie kein neues Passwort angefordert, hat sich nichts geändert, und Sie können diese E-Mail löschen.
`,
  },
  invitation: {
    subject: 'Ihr Zugang zu {{ seller.name }}',
    body: `# Willkommen

Guten Tag {{ user.name }},

{% if inviter.name %}{{ inviter.name }} lädt Sie{% else %}Sie sind{% endif %} zu {{ seller.name }} {% if inviter.name %}ein{% else %}eingeladen{% endif %}{% if company.name %}; dort können Sie für {{ company.name }} handeln{% endif %}. Wählen Sie zuerst Ihr Passwort:

[[button: Passwort wählen | {{ resetLink }}]]

Danach melden Sie sich mit {{ user.email }} an. Der Link gilt einmal und bis {{ expires }}. Später schickt Ihnen „Forgot your password?“ auf der Anmeldeseite einen neuen.

Wenn Sie nicht wissen, warum Sie diese E-Mail erhalten, können Sie sie löschen: Solange kein Passwort gewählt ist, kann sich niemand mit Ihrer Adresse anmelden.
`,
  },
  'licence-cancellation-requested': {
    subject: 'Wir haben Ihre Anfrage erhalten, Lizenz {{ licence.number }} zu stornieren',
    body: `# Wir haben Ihre Anfrage erhalten

${hello}

Sie haben uns gebeten, **{{ licence.product }}** von {{ customer.name }} (Lizenz {{ licence.number }}, Bestellung {{ order.number }}) zu stornieren.

{% if request.comment %}
> {{ request.comment }}
{% endif %}

Wir entscheiden bald und schreiben Ihnen dann. Bis dahin bleibt die Lizenz, wie sie ist, und Sie können die Anfrage im Shop zurückziehen. Bitte aktivieren Sie den Schlüssel in der Zwischenzeit nicht: Ein Schlüssel, der verwendet wurde, kann nicht zurückgegeben werden.

${regards}`,
  },
  'licence-cancelled': {
    subject: 'Lizenz {{ licence.number }} ist storniert',
    body: `# Ihre Lizenz ist storniert

${hello}

**{{ licence.product }}** von {{ customer.name }} (Lizenz {{ licence.number }}, Bestellung {{ order.number }}) ist storniert. Der Schlüssel kann nicht mehr aktiviert werden.

{% if creditInvoice.number %}
Der volle Betrag wird mit der Gutschrift {{ creditInvoice.number }} gutgeschrieben.
{% endif %}

${regards}`,
  },
  'licence-cancellation-refused': {
    subject: 'Lizenz {{ licence.number }} konnte nicht storniert werden',
    body: `# Ihre Lizenz konnte nicht storniert werden

${hello}

**{{ licence.product }}** von {{ customer.name }} (Lizenz {{ licence.number }}, Bestellung {{ order.number }}) konnte nicht storniert werden:

> {{ reason }}

Es hat sich nichts geändert, die Lizenz bleibt Ihnen. ${questions}.

${regards}`,
  },
  'licence-given-up': {
    subject: 'Lizenz {{ licence.number }} wird nicht geliefert (Bestellung {{ order.number }})',
    body: `# Eine Ihrer Lizenzen wird nicht geliefert

${hello}

**{{ licence.product }}** für {{ customer.name }} (Lizenz {{ licence.number }}, Bestellung {{ order.number }}) konnte nicht geliefert werden:

> {{ reason }}

{% if replacement.number %}
An ihre Stelle tritt die Bestellung {{ replacement.number }}.
{% endif %}

Sie wird Ihnen nicht berechnet; der Rest Ihrer Bestellung ist nicht betroffen. ${questions}.

${regards}`,
  },
  'order-received': {
    subject: 'Wir haben Ihre Bestellung {{ order.number }} erhalten',
    body: `# Vielen Dank für Ihre Bestellung

${hello}

wir haben Ihre Bestellung {{ order.number }} erhalten und bearbeiten sie. Was Sie gekauft haben, kommt per E-Mail zu Ihnen, sobald es bereit ist.

${orderFacts}
${orderEnd}`,
  },
  'order-waits-for-approval': {
    subject: 'Ihre Bestellung {{ order.number }} wartet auf unsere Freigabe',
    body: `# Ihre Bestellung wartet auf unsere Freigabe

${hello}

wir haben Ihre Bestellung {{ order.number }} erhalten. Sie übersteigt den vereinbarten Kreditrahmen; deshalb sieht sie sich jemand von uns an, bevor es weitergeht. Sie müssen nichts tun, und bis dahin wird nichts berechnet.

${orderFacts}
${orderEnd}`,
  },
  'order-completed': {
    subject: 'Ihre Bestellung {{ order.number }} ist vollständig geliefert',
    body: `# Ihre Bestellung ist vollständig geliefert

${hello}

alles aus Ihrer Bestellung {{ order.number }} ist geliefert. Schlüssel und Abonnements finden Sie jederzeit im Shop.

${orderFacts}
${orderEnd}`,
  },
  'subscription-active': {
    subject: '{{ subscription.product }} ist bereit für {{ customer.name }}',
    body: `# Das Abonnement ist aktiv

${hello}

**{{ subscription.product }}** für {{ customer.name }} ist bereit. Die Software und, wo einer nötig ist, der Schlüssel sind im Microsoft 365 Admin Center des Kunden zu finden, unter *Abrechnung → Ihre Produkte*.

${subscriptionFacts}
${regards}`,
  },
  'subscription-cancelled': {
    subject: 'Abonnement {{ subscription.number }} ist gekündigt',
    body: `# Das Abonnement ist gekündigt

${hello}

**{{ subscription.product }}** von {{ customer.name }} ist gekündigt und kann nicht mehr verwendet werden.

{% if creditInvoice.numbers %}
{{ creditInvoice.amount }} werden mit {{ creditInvoice.numbers }} gutgeschrieben.
{% endif %}

${subscriptionFacts}
${regards}`,
  },
  'subscription-cancellation-refused': {
    subject: 'Abonnement {{ subscription.number }} konnte nicht gekündigt werden',
    body: `# Das Abonnement konnte nicht gekündigt werden

${hello}

**{{ subscription.product }}** von {{ customer.name }} konnte nicht gekündigt werden:

> {{ reason }}

Es hat sich nichts geändert.

${regards}`,
  },
  'subscription-renewal-notice': {
    subject:
      '{{ subscription.product }} {% if subscription.autoRenew == "on" %}verlängert sich nach dem{% else %}endet am{% endif %} {{ subscription.endsOn }}',
    body: `# {% if subscription.autoRenew == "on" %}Ein Abonnement verlängert sich{% else %}Ein Abonnement endet{% endif %}

${hello}

die laufende Laufzeit von **{{ subscription.product }}** für {{ customer.name }} endet am {{ subscription.endsOn }}.

{% if subscription.autoRenew == "on" %}
Das Abonnement verlängert sich am folgenden Tag von selbst, zu dem Preis, der dann gilt{% if renewal.price %}; nach heutigem Stand wären das {{ renewal.price }} ohne USt{% endif %}. Soll es stattdessen enden, schalten Sie die automatische Verlängerung vor diesem Tag im Shop aus.
{% else %}
Die automatische Verlängerung ist ausgeschaltet: Nach diesem Tag kann das Produkt nicht mehr verwendet werden. Soll es weitergehen, schalten Sie die automatische Verlängerung vorher im Shop ein.
{% endif %}

${subscriptionFacts}
${regards}`,
  },
  'subscription-renewed': {
    subject: '{{ subscription.product }} wurde verlängert',
    body: `# Das Abonnement wurde verlängert

${hello}

für **{{ subscription.product }}** von {{ customer.name }} hat eine neue Laufzeit begonnen. In den ersten Tagen kann sie im Shop noch gekündigt werden.

${subscriptionFacts}
${regards}`,
  },
  'subscription-expired': {
    subject: 'Abonnement {{ subscription.number }} ist beendet',
    body: `# Das Abonnement ist beendet

${hello}

die Laufzeit von **{{ subscription.product }}** für {{ customer.name }} ist abgelaufen und wurde nicht verlängert.

${subscriptionFacts}
${regards}`,
  },
  'subscription-dropped': {
    subject: 'Abonnement {{ subscription.number }} wird nicht geliefert (Bestellung {{ order.number }})',
    body: `# Eines Ihrer Abonnements wird nicht geliefert

${hello}

**{{ subscription.product }}** für {{ customer.name }} (Abonnement {{ subscription.number }}, Bestellung {{ order.number }}) konnte nicht geliefert werden:

> {{ reason }}

{% if replacement.number %}
An seine Stelle tritt die Bestellung {{ replacement.number }}.
{% endif %}

Es wird Ihnen nicht berechnet; der Rest Ihrer Bestellung ist nicht betroffen. ${questions}.

${regards}`,
  },
  'invoice-issued': {
    subject: 'Rechnung {{ invoice.number }} über {{ invoice.total }}',
    body: `# Ihre Rechnung

${hello}

die Rechnung {{ invoice.number }} zur Bestellung {{ order.number }}{% if endCustomer.name != customer.name %} für {{ endCustomer.name }}{% endif %} ist als PDF angehängt.{% if invoice.dueOn %} Bitte zahlen Sie bis {{ invoice.dueOn }}.{% endif %}

${invoiceFacts('Rechnung', 'Rechnungsdatum')}
${invoiceEnd}`,
  },
  'credit-invoice-issued': {
    subject: 'Gutschrift {{ invoice.number }}',
    body: `# Ihre Gutschrift

${hello}

die Gutschrift {{ invoice.number }} zur Bestellung {{ order.number }} ist als PDF angehängt.{% if credited.number %} Sie betrifft die Rechnung {{ credited.number }}.{% endif %}

${invoiceFacts('Gutschrift', 'Datum')}
${invoiceEnd}`,
  },
  'payment-reminder': {
    subject:
      '{% if invoice.daysOverdue %}Rechnung {{ invoice.number }} ist überfällig{% else %}Rechnung {{ invoice.number }} ist am {{ invoice.dueOn }} fällig{% endif %}',
    body: `# {% if invoice.daysOverdue %}Eine Rechnung ist überfällig{% else %}Eine Rechnung wird bald fällig{% endif %}

${hello}

{% if invoice.daysOverdue %}
die Rechnung {{ invoice.number }} ist noch nicht vollständig bezahlt. Sie war am {{ invoice.dueOn }} fällig; offen sind {{ invoice.open }}. Sollte sich Ihre Zahlung mit dieser E-Mail überschnitten haben, bitten wir um Entschuldigung.
{% else %}
wir erinnern Sie daran, dass die Rechnung {{ invoice.number }} am {{ invoice.dueOn }} fällig ist; offen sind {{ invoice.open }}.
{% endif %}

{% if seller.iban %}
Bitte überweisen Sie den Betrag auf die IBAN {{ seller.iban }}{% if seller.bankName %} ({{ seller.bankName }}){% endif %} und geben Sie dabei {{ invoice.number }} an.
{% endif %}

${invoiceFacts('Rechnung', 'Rechnungsdatum')}
${invoiceEnd}`,
  },
  'payment-received': {
    subject: 'Wir haben Ihre Zahlung über {{ payment.amount }} erhalten',
    body: `# Vielen Dank für Ihre Zahlung

${hello}

wir haben am {{ payment.receivedOn }} {{ payment.amount }} für die Rechnung {{ invoice.number }} erhalten.{% if invoice.isPaid %} Sie ist vollständig bezahlt.{% else %} Offen sind noch {{ invoice.open }}.{% endif %}

${invoiceFacts('Rechnung', 'Rechnungsdatum')}
${invoiceEnd}`,
  },
}
