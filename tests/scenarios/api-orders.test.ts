// The main job through the API: basket, checkout, keys, invoice; and the same on behalf of a customer.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Client, openClient } from '../support/api.ts'
import { openShop, poolKey, type Shop } from '../support/fixtures.ts'

let shop: Shop
let client: Client
before(async () => {
  shop = await openShop()
  client = await openClient(shop.app)
})
after(async () => {
  await client?.close()
  await shop?.close()
})

/** Puts licences into North's open basket, for its customer. */
async function fill(quantity: number): Promise<{ basketId: string; itemIds: string[] }> {
  const { key, customer } = shop.north
  const opened = await client.ask('POST', '/baskets', { key })
  assert.equal(opened.status, 201, opened.text)
  const basket = opened.body
  const added = await client.ask('POST', `/baskets/${basket.id}/items`, {
    key,
    body: { planId: shop.planId, quantity },
  })
  assert.equal(added.status, 201, added.text)
  const itemIds: string[] = added.body.items.map((item: { id: string }) => item.id)
  for (const id of itemIds) {
    const changed = await client.ask('PATCH', `/baskets/${basket.id}/items/${id}`, {
      key,
      body: { endCustomerId: customer.id },
    })
    assert.equal(changed.status, 200, changed.text)
    assert.equal(changed.body.isForResale, true)
  }
  return { basketId: basket.id, itemIds }
}

test('three licences: three items, three masked keys, one invoice of 424.83', async () => {
  const { key, customer, account } = shop.north
  const { basketId, itemIds } = await fill(3)
  assert.equal(itemIds.length, 3)

  const early = await client.ask('POST', `/baskets/${basketId}/checkout`, { key })
  assert.equal(early.status, 422)
  assert.equal(early.body.code, 'order/service-details-missing')
  const details = {
    accountId: customer.id,
    connector: 'microsoft-esd',
    options: { keyDeliveryEmail: 'keys@north.example' },
  }
  const given = await client.ask('PUT', `/baskets/${basketId}/service-details`, { key, body: details })
  assert.equal(given.status, 200, given.text)
  assert.deepEqual(given.body.serviceDetails, [
    {
      accountId: customer.id,
      connector: 'microsoft-esd',
      options: { keyDeliveryEmail: 'keys@north.example' },
    },
  ])
  assert.deepEqual(given.body.net, { amount: '357.00', currency: 'EUR' })

  const before = await client.ask('POST', `/baskets/${basketId}/checkout`, {
    key,
    body: { version: 'of before' },
  })
  assert.deepEqual([before.status, before.body.code], [422, 'basket/changed'])
  const checkout = { key, once: 'checkout-1', body: { version: given.body.version } }
  const placed = await client.ask('POST', `/baskets/${basketId}/checkout`, checkout)
  assert.equal(placed.status, 201, placed.text)
  const [order] = placed.body.orders
  assert.deepEqual(order.total, { amount: '424.83', currency: 'EUR' })
  assert.equal(order.channel, 'api')
  const again = await client.ask('POST', `/baskets/${basketId}/checkout`, checkout)
  assert.equal(again.headers['idempotent-replay'], 'true')
  assert.deepEqual([again.status, again.body], [201, placed.body])
  const otherKey = await client.ask('POST', `/baskets/${basketId}/checkout`, { key, once: 'checkout-2' })
  assert.deepEqual(
    otherKey.body.orders.map((each: { id: string }) => each.id),
    [order.id],
  )

  await shop.run()
  const read = await client.ask('GET', `/orders/${order.id}`, { key })
  assert.equal(read.status, 200, read.text)
  assert.equal(read.body.progress, 'delivered')
  assert.equal(read.body.items.length, 3)
  const masks = read.body.items.map((item: { asset: { keyMask: string } }) => item.asset.keyMask.slice(-5))
  assert.equal(new Set(masks).size, 3)
  assert.doesNotMatch(read.text, /unitCost|AAAAA-BBBBB/)
  assert.equal(read.body.invoices.length, 1)

  const { body: invoice } = await client.ask('GET', `/invoices/${read.body.invoices[0].id}`, { key })
  assert.deepEqual(
    [invoice.net.amount, invoice.tax.amount, invoice.total.amount],
    ['357.00', '67.83', '424.83'],
  )
  assert.equal(invoice.lines.length, 3)
  assert.equal(invoice.billingToId, account.id)
  assert.equal(invoice.buyer.name, 'North')
  assert.match(invoice.number, /^INV-/)

  const { body: assets } = await client.ask('GET', `/assets?orderId=${order.id}&limit=2`, { key })
  assert.equal(assets.items.length, 2)
  const { body: rest } = await client.ask(
    'GET',
    `/assets?orderId=${order.id}&limit=2&cursor=${assets.nextCursor}`,
    { key },
  )
  assert.equal(rest.items.length, 1)
  assert.equal(rest.nextCursor, null)
})

test('a key is masked everywhere, revealed on demand, and encrypted in the stored answer', async () => {
  const { key } = shop.north
  const { body: list, text } = await client.ask('GET', '/assets', { key })
  assert.doesNotMatch(text, /AAAAA-BBBBB|secret-/)
  const asset = list.items.at(-1)
  const one = await client.ask('GET', `/assets/${asset.id}`, { key })
  assert.doesNotMatch(one.text, /AAAAA-BBBBB|secret-/)
  assert.equal(one.body.mails.length, 1)
  const revealed = await client.ask('POST', `/assets/${asset.id}/reveal`, { key, once: 'reveal-1' })
  assert.equal(revealed.status, 200, revealed.text)
  const n = Number(asset.keyMask.slice(-5))
  assert.equal(revealed.body.key, poolKey(n))
  assert.equal(revealed.body.activationLink, `https://activate.example/?token=secret-${n}`)
  assert.equal(revealed.headers['cache-control'], 'no-store')
  const replayed = await client.ask('POST', `/assets/${asset.id}/reveal`, { key, once: 'reveal-1' })
  assert.deepEqual(replayed.body, revealed.body)
  const stored = await shop.app.db.pool.unsafe(`select body from idempotency where key = 'reveal-1'`)
  assert.doesNotMatch(String(stored[0]?.['body']), /AAAAA|secret/)
  const { body: audit } = await client.ask('GET', `/audit?subjectId=${asset.id}`, {
    key: shop.administrator.key,
  })
  assert.deepEqual(
    audit.items.map((entry: { action: string }) => entry.action),
    ['asset/key-revealed'],
  )
})

test('the quantity of an ESD licence is not changed but refused with the warning', async () => {
  const { basketId, itemIds } = await fill(2)
  const { key } = shop.north
  const refused = await client.ask('PATCH', `/baskets/${basketId}/items/${itemIds[0]}`, {
    key,
    body: { quantity: 5 },
  })
  assert.equal(refused.status, 422)
  assert.equal(refused.body.code, 'basket/esd-quantity-is-fixed')
  assert.match(refused.body.detail, /remove items from the basket/)
  const removed = await client.ask('DELETE', `/baskets/${basketId}/items/${itemIds[0]}`, { key })
  assert.equal(removed.status, 200, removed.text)
  assert.deepEqual(
    removed.body.items.map((item: { id: string }) => item.id),
    [itemIds[1]],
  )
  const twice = await client.ask('DELETE', `/baskets/${basketId}/items/${itemIds[0]}`, { key })
  assert.equal(twice.status, 404)
})

test('on behalf: nothing until executed, refused while not synchronized, then delivered', async () => {
  const { key } = shop.manager
  const customerId = shop.direct.account.id
  const body = { endCustomerId: customerId, lines: [{ planId: shop.planId, quantity: 2 }], reference: 'PO 7' }
  const placed = await client.ask('POST', '/orders', { key, body })
  assert.equal(placed.status, 201, placed.text)
  assert.equal(placed.body.items.length, 2)
  assert.deepEqual(placed.body.items[0].unitCost, { amount: '99.00', currency: 'EUR' })
  const early = await client.ask('POST', `/orders/${placed.body.id}/execute`, { key })
  assert.equal(early.status, 422)
  assert.equal(early.body.code, 'order/not-synchronized')
  assert.deepEqual(early.body.details.missing[0].missingOptions, ['E-mail that receives the keys'])

  const sync = `/accounts/${customerId}/sync/microsoft-esd`
  const wrong = await client.ask('PUT', sync, { key, body: { options: { keyDeliveryEmail: 'nobody' } } })
  assert.equal(wrong.body.errors[0].pointer, '/options/keyDeliveryEmail')
  const saved = await client.ask('PUT', sync, {
    key,
    body: { options: { keyDeliveryEmail: 'it@direct.example' } },
  })
  assert.equal(saved.status, 200, saved.text)
  const started = await client.ask('POST', `${sync}/synchronize`, { key })
  assert.equal(started.status, 202, started.text)
  await shop.run()
  const synchronized = await client.ask('GET', sync, { key })
  assert.equal(synchronized.body.state, 'synchronized')

  const executed = await client.ask('POST', `/orders/${placed.body.id}/execute`, { key })
  assert.equal(executed.status, 200, executed.text)
  await shop.run()
  const { body: order } = await client.ask('GET', `/orders/${placed.body.id}`, { key })
  assert.equal(order.progress, 'delivered')
  const cancel = await client.ask('POST', `/orders/${placed.body.id}/cancel`, { key })
  assert.equal(cancel.status, 409)
})

test('some items of an order are executed before the others: they are a sub-order, which is answered', async () => {
  const { key } = shop.manager
  const body = {
    endCustomerId: shop.direct.account.id,
    lines: [{ planId: shop.planId, quantity: 3 }],
    reference: 'PO 8',
  }
  const { body: placed } = await client.ask('POST', '/orders', { key, body })
  assert.deepEqual([placed.splitFrom, placed.subOrders], [null, []])
  const path = `/orders/${placed.id}/execute`
  const itemIds = [placed.items[2].id]
  const none = await client.ask('POST', path, { key, body: { itemIds: [] } })
  assert.deepEqual([none.status, none.body.errors[0].pointer], [422, '/itemIds'])
  assert.match(none.body.errors[0].message, /leave itemIds out to execute the whole order/)
  const strange = await client.ask('POST', path, { key, body: { itemIds: [placed.id] } })
  assert.deepEqual([strange.status, strange.body.errors[0].pointer], [422, '/itemIds/0'])

  const answers = [
    await client.ask('POST', path, { key, body: { itemIds }, once: 'part-1' }),
    await client.ask('POST', path, { key, body: { itemIds }, once: 'part-1' }),
    await client.ask('POST', path, { key, body: { itemIds }, once: 'part-2' }),
  ]
  const [part] = answers.map((answer) => answer.body)
  for (const { status, body: each } of answers) assert.deepEqual([status, each.id], [200, part.id])
  assert.deepEqual(
    [part.state, part.reference, part.splitFrom, part.total, part.items.length],
    ['executed', 'PO 8', { id: placed.id, number: placed.number }, { amount: '141.61', currency: 'EUR' }, 1],
  )
  const { body: rest } = await client.ask('GET', `/orders/${placed.id}`, { key })
  assert.deepEqual(
    [rest.state, rest.total, rest.items.length, rest.subOrders],
    [
      'submitted',
      { amount: '283.22', currency: 'EUR' },
      2,
      [{ id: part.id, number: part.number, state: 'executed', total: { amount: '141.61', currency: 'EUR' } }],
    ],
  )
  const late = await client.ask('POST', path, { key, body: { itemIds: [...itemIds, rest.items[0].id] } })
  assert.deepEqual([late.status, late.body.code], [409, 'state/items-taken'])
  // Who buys sees both, and may not do it.
  const buyer = await client.ask('GET', `/orders/${part.id}`, { key: shop.direct.key })
  assert.deepEqual(buyer.body.splitFrom, { id: placed.id, number: placed.number })
  const cancelled = await client.ask('POST', `/orders/${placed.id}/cancel`, { key })
  assert.equal(cancelled.body.state, 'cancelled')
  await shop.run()
})

test('a draft is saved, edited, submitted, taken back and executed; its customer sees it from the day it is placed', async () => {
  const { key } = shop.manager
  const buyer = shop.direct
  const item = { planId: shop.planId, quantity: 2 }
  const body = { endCustomerId: buyer.account.id, lines: [item], reference: 'PO 8', isDraft: true }
  const drafted = await client.ask('POST', '/orders', { key, body, once: 'draft-1' })
  assert.equal(drafted.status, 201, drafted.text)
  const again = await client.ask('POST', '/orders', { key, body, once: 'draft-1' })
  assert.equal(again.body.id, drafted.body.id)
  assert.deepEqual([drafted.body.state, drafted.body.total.amount], ['draft', '283.22'])
  const path = `/orders/${drafted.body.id}`
  const listed = async (who: { key: string }, query: string) =>
    (await client.ask('GET', `/orders?${query}`, who)).body.items.some(
      (each: { id: string }) => each.id === drafted.body.id,
    )
  assert.deepEqual(
    [
      await listed({ key }, 'filter=draft'),
      await listed({ key }, 'filter=waiting'),
      await listed(buyer, ''),
      await listed(buyer, 'filter=draft'),
      await listed(buyer, `q=${drafted.body.number}`),
    ],
    [true, false, false, false, false],
  )
  const change = { lines: [{ ...item, quantity: 1 }], reference: 'PO 9' }
  // For whoever would pay for it there is no such order, whatever is asked of it.
  for (const [method, at, sent] of [
    ['GET', path, undefined],
    ['PUT', path, change],
    ['POST', `${path}/submit`, undefined],
    ['POST', `${path}/reopen`, undefined],
    ['POST', `${path}/execute`, undefined],
    ['POST', `${path}/cancel`, undefined],
  ] as const) {
    const refused = await client.ask(method, at, { key: buyer.key, ...(sent ? { body: sent } : {}) })
    assert.equal(refused.status, 404, `${method} ${at} ${refused.text}`)
  }

  const early = await client.ask('POST', `${path}/execute`, { key })
  assert.deepEqual([early.status, early.body.code], [409, 'state/illegal-move'])
  const wrong = await client.ask('PUT', path, { key, body: { lines: [{ ...item, unitPrice: '110.00' }] } })
  assert.deepEqual([wrong.status, wrong.body.errors[0].pointer], [422, '/lines/0/reason'])
  const edited = await client.ask('PUT', path, { key, body: change })
  assert.deepEqual(
    [edited.status, edited.body.number, edited.body.reference, edited.body.total.amount],
    [200, drafted.body.number, 'PO 9', '141.61'],
  )
  const submitted = await client.ask('POST', `${path}/submit`, { key })
  assert.deepEqual([submitted.status, submitted.body.state], [200, 'submitted'], submitted.text)
  assert.equal((await client.ask('POST', `${path}/submit`, { key })).status, 200)
  const late = await client.ask('PUT', path, { key, body: change })
  assert.deepEqual([late.status, late.body.code], [409, 'state/not-a-draft'])
  const seen = await client.ask('GET', path, buyer)
  assert.deepEqual(
    seen.body.timeline.map((step: { kind: string }) => step.kind),
    ['placed'],
  )

  const reopened = await client.ask('POST', `${path}/reopen`, { key })
  assert.deepEqual([reopened.status, reopened.body.state], [200, 'draft'])
  assert.equal((await client.ask('GET', path, buyer)).status, 404)
  await client.ask('POST', `${path}/submit`, { key })
  const executed = await client.ask('POST', `${path}/execute`, { key })
  assert.equal(executed.status, 200, executed.text)
  await shop.run()
  assert.equal((await client.ask('GET', path, buyer)).body.progress, 'delivered')
})

test('a cancellation is asked for, withdrawn, declined; for the seller it is sent', async () => {
  const { key } = shop.north
  const { body: list } = await client.ask('GET', '/assets?filter=active', { key })
  const path = `/assets/${list.items[0].id}`
  const asked = await client.ask('POST', `${path}/cancel`, { key, body: { comment: 'One too many' } })
  assert.equal(asked.status, 202, asked.text)
  assert.equal(asked.body.returnRequests[0].state, 'requested')
  const withdrawn = await client.ask('POST', `${path}/withdraw`, { key })
  assert.equal(withdrawn.body.returnRequests[0].state, 'withdrawn')
  assert.equal((await client.ask('POST', `${path}/withdraw`, { key })).status, 409)
  await client.ask('POST', `${path}/cancel`, { key })
  const without = await client.ask('POST', `${path}/decline`, {
    key: shop.manager.key,
    body: { answer: ' ' },
  })
  assert.deepEqual([without.status, without.body.errors[0].pointer], [422, '/answer'])
  const declined = await client.ask('POST', `${path}/decline`, {
    key: shop.manager.key,
    body: { answer: 'Please keep it' },
  })
  assert.equal(declined.body.returnRequests[0].answer, 'Please keep it')
  const sent = await client.ask('POST', `${path}/cancel`, { key: shop.manager.key })
  assert.equal(sent.body.returnRequests[0].state, 'sent')
  await shop.run()
  const cancelled = await client.ask('GET', path, { key })
  assert.equal(cancelled.body.state, 'cancelled')
  const { body: credits } = await client.ask('GET', '/invoices?kind=credit', { key })
  assert.deepEqual(
    credits.items.map((each: { total: unknown }) => each.total),
    [{ amount: '-141.61', currency: 'EUR' }],
  )
})

test('a quote costs what the order will, and shows a cost only to those who may see it', async () => {
  const question = {
    billToId: shop.north.account.id,
    endCustomerId: shop.north.customer.id,
    lines: [{ planId: shop.planId, quantity: 3 }],
  }
  const reseller = await client.ask('POST', '/price-quotes', {
    key: shop.north.key,
    body: question,
    once: null,
  })
  assert.equal(reseller.status, 200, reseller.text)
  assert.deepEqual(reseller.body.total, { amount: '424.83', currency: 'EUR' })
  assert.deepEqual(reseller.body.lines[0].total, { amount: '424.83', currency: 'EUR' })
  assert.deepEqual(reseller.body.lines[0].explanation.steps[0], {
    step: 'catalogue price',
    currency: 'EUR',
    retail: '119.00',
  })
  assert.doesNotMatch(reseller.text, /cost|99\.00/i)
  const manager = await client.ask('POST', '/price-quotes', {
    key: shop.manager.key,
    body: question,
    once: null,
  })
  assert.deepEqual(manager.body.lines[0].unitCost, { amount: '99.00', currency: 'EUR' })
  assert.deepEqual(manager.body.lines[0].cost, { amount: '297.00', currency: 'EUR' })
  const stranger = await client.ask('POST', '/price-quotes', {
    key: shop.south.key,
    body: question,
    once: null,
  })
  assert.equal(stranger.status, 404)
})
