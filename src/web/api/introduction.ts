// What a reader must know before the first call: the description of the OpenAPI document, and the beginning of the page.
// Markdown; the table of codes is added by the page.
export const introduction = `Everything a screen of Emporion can do, a program can do here: JSON over HTTPS, below \`/api/v1\`. What you may see and do is what your user may see and do.

## Authentication

Make a key with \`POST /api-keys\`, the first one while you are signed in, and send it with every request:

\`\`\`http
Authorization: Bearer emp_…
\`\`\`

A key belongs to one user: it has that user's rights and reaches that user's company, no more. It is shown once, when it is made; \`DELETE /api-keys/{id}\` ends it. Instead of a key, pages of this site may use the session of whoever is signed in to the shop or the back office. \`GET /me\` tells who is asking.

What belongs to another company does not exist for you: its ids answer **404**, never 403. **403** means that you can see it and your role does not allow what you asked.

## Idempotency

Every write, that is every \`POST\`, \`PUT\`, \`PATCH\` and \`DELETE\`, carries an \`Idempotency-Key\`: 1 to 200 characters you make up, such as a UUID, a new one for each new request.

| you send | you get |
|---|---|
| the same key and the same body | the first result again, with the header \`Idempotent-Replay: true\`; nothing is done twice |
| the same key with another body or address | **422** \`idempotency/key-reused\` |
| two at the same moment | one effect, and the same answer twice |
| no key | **400** \`idempotency/key-missing\` |

An answer was lost on the way? Send the same request again with the same key. A request that was refused is not remembered: correct it and send it again. Keys are kept for two days. The few \`POST\`s that change nothing (a price quote, a preview, a test of a connection) need none.

## Money, moments, countries

Money is an exact decimal text with its currency, never a float: \`{"amount": "1234.50", "currency": "EUR"}\`. Moments are RFC 3339 in UTC (\`2026-11-24T09:30:00.000Z\`), days are \`2026-11-24\`, countries ISO 3166-1 alpha-2 (\`DE\`), currencies ISO 4217. Costs are answered only to the seller's people who may see them.

## Lists

A list answers \`{"items": […], "nextCursor": "…"}\`. Give \`nextCursor\` back as \`cursor\` for the next page; it is null on the last one. \`limit\` is 1 to 200, 50 unless you say otherwise. Pages are stable: what is added meanwhile neither repeats nor hides an item. A cursor that is not of the list is **400** \`input/bad-cursor\`.

## Webhooks

Instead of asking again and again, be told: \`POST /webhooks\` (for the seller) names an https address and the events it is told of. Each event is one \`POST\`:

\`\`\`http
content-type: application/json
webhook-id: 01a21a3c-8f0e-7c55-9d5c-0a4f5b7e2c11
webhook-timestamp: 1795687800
webhook-signature: v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
\`\`\`

\`\`\`json
{
  "id": "01a21a3c-8f0e-7c55-9d5c-0a4f5b7e2c11",
  "type": "order.executed",
  "timestamp": "2026-11-26T10:10:00Z",
  "data": {
    "id": "01a21a3c-8ef1-7b0a-a0a5-b5a2f1a4c3d2",
    "number": "ORD-00000042",
    "state": "executed",
    "previousState": "submitted",
    "url": "https://shop.example/api/v1/orders/01a21a3c-8ef1-7b0a-a0a5-b5a2f1a4c3d2"
  }
}
\`\`\`

It says which record is in which state, and never a key, a price, a name or an address: read the record at \`url\` with a key of yours. A sub-order, made of some items of another order, tells that order's id as \`splitFromId\`: read that one again too, it has fewer items now. Calls are signed as Standard Webhooks (standardwebhooks.com), whose libraries check them in every language; by hand, with the secret \`whsec_…\`:

\`\`\`js
const signed = [request.headers['webhook-id'], request.headers['webhook-timestamp'], rawBody].join('.')
const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
const wanted = crypto.createHmac('sha256', key).update(signed).digest('base64')
const isOurs = request.headers['webhook-signature'].split(' ').includes('v1,' + wanted)
\`\`\`

Refuse what is older than five minutes. Answer **2xx** within 15 seconds and do the work afterwards. Anything else is tried again after 5 seconds, 1, 5 and 30 minutes, 2, 5, 10 and 24 hours; **410** ends it, and an address that answered nothing good for five days is paused. An event can come twice, with the same \`webhook-id\`, and events can overtake each other: the record at \`url\` is the truth.

## Errors

Errors are problem details of RFC 9457, \`application/problem+json\`. Decide by \`code\`, which is stable; \`detail\` is for people and may be reworded. \`errors\` points at the fields at fault with JSON pointers into what you sent. An unknown field is refused rather than ignored.

\`\`\`json
{
  "type": "urn:emporion:problem:input:invalid",
  "title": "The rules say no",
  "status": 422,
  "code": "input/invalid",
  "detail": "The quantity is a whole number from 1 to 100.",
  "errors": [
    { "pointer": "/quantity", "code": "too-small", "message": "The quantity is a whole number from 1 to 100." }
  ]
}
\`\`\`

**429** and **503** say in \`Retry-After\` how many seconds to wait. A **500** carries a \`reference\`: quote it when you ask us. An address asked with a method it does not take answers **405** with \`Allow\`.
`

/** Three licences, from the product to their keys, as a reseller's program would order them. */
export const example = (url: string) => `## An example: three licences

A reseller's program orders three licences for one of its customers. \`jq\` reads the answers.

\`\`\`sh
API=${url}/api/v1
post() { curl -sS -X POST "$API$1" -H "Authorization: Bearer $KEY" -H "Idempotency-Key: $(openssl rand -hex 16)" -H "Content-Type: application/json" -d "$2"; }
get()  { curl -sS "$API$1" -H "Authorization: Bearer $KEY"; }

# What to buy, and for whom
PLAN=$(get "/plans?q=office&limit=1" | jq -r '.items[0].id')
CUSTOMER=$(get "/accounts?kind=customer&limit=1" | jq -r '.items[0].id')

# Quantity 3 becomes three items of quantity 1: each will have a key of its own
BASKET=$(post /baskets '{"reference": "PO 4711"}' | jq -r .id)
ITEMS=$(post /baskets/$BASKET/items "{\\"planId\\": \\"$PLAN\\", \\"quantity\\": 3}" | jq -r '.items[].id')
for ITEM in $ITEMS; do
  curl -sS -X PATCH $API/baskets/$BASKET/items/$ITEM -H "Authorization: Bearer $KEY" \\
    -H "Idempotency-Key: $(openssl rand -hex 16)" -H "Content-Type: application/json" \\
    -d "{\\"isForResale\\": true, \\"endCustomerId\\": \\"$CUSTOMER\\"}" > /dev/null
done

# Where the keys are sent: asked the first time this customer buys a licence
curl -sS -X PUT $API/baskets/$BASKET/service-details -H "Authorization: Bearer $KEY" \\
  -H "Idempotency-Key: $(openssl rand -hex 16)" -H "Content-Type: application/json" \\
  -d "{\\"accountId\\": \\"$CUSTOMER\\", \\"connector\\": \\"microsoft-esd\\", \\"options\\": {\\"keyDeliveryEmail\\": \\"it@customer.example\\"}}" > /dev/null

# Complete. Keys are fetched in the background: read the order until it is delivered
ORDER=$(post /baskets/$BASKET/checkout '{}' | jq -r '.orders[0].id')
get /orders/$ORDER | jq '{number, progress, total}'
ASSET=$(get "/assets?orderId=$ORDER&limit=1" | jq -r '.items[0].id')
post /assets/$ASSET/reveal '{}' | jq .
\`\`\`
`
