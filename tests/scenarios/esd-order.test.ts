// The main job: an ESD order from the Storefront and from the back office to key, mail and invoice (product.md E1–E14).
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { saveSyncOptions } from '#flows/accounts/save-sync-options.ts'
import { synchronizeWithConnector } from '#flows/accounts/synchronize-account.ts'
import { addToBasket } from '#flows/ordering/add-to-basket.ts'
import { assignItems, changeQuantity, giveServiceDetails } from '#flows/ordering/change-basket.ts'
import { executeOrder } from '#flows/ordering/execute-order.ts'
import { placeOnBehalf } from '#flows/ordering/place-on-behalf.ts'
import { placeOrder } from '#flows/ordering/place-order.ts'
import { cancelLicence, decideCancellation, requestCancellation } from '#flows/provisioning/cancel-licence.ts'
import { retryLicence } from '#flows/provisioning/retry-licence.ts'
import { revealKey } from '#flows/provisioning/reveal-key.ts'
import type { AccountId, AssetId, OrderId, PlanId } from '#kernel/ids.ts'
import { reading, sellerScope } from '#platform/db.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

const OFFICE = 'EP2-06604'

async function planOf(sku: string, country = 'DE'): Promise<PlanId> {
  return (
    await reading(
      world.app.db,
      sellerScope,
      (sql) => sql.one<{ id: PlanId }>`select id from plan where sku = ${sku} and country = ${country}`,
    )
  ).id
}

async function accountOf(name: string): Promise<AccountId> {
  return (
    await reading(
      world.app.db,
      sellerScope,
      (sql) => sql.one<{ id: AccountId }>`select id from account where name like ${`${name}%`}`,
    )
  ).id
}

type AssetRow = {
  id: AssetId
  number: string
  provisioning: string
  state: string
  failureReason: string | null
  keyMask: string | null
}
const assetsOf = (orderId: OrderId) =>
  reading(
    world.app.db,
    sellerScope,
    (sql) =>
      sql.many<AssetRow>`select id, number, provisioning, state, failure_reason, key_mask from asset where order_id = ${orderId} order by number`,
  )

type InvoiceRow = {
  number: string
  kind: string
  netMinor: bigint
  taxMinor: bigint
  totalMinor: bigint
  lines: number
}
const invoicesOf = (orderId: OrderId) =>
  reading(
    world.app.db,
    sellerScope,
    (sql) => sql.many<InvoiceRow>`
    select number, kind, net_minor, tax_minor, total_minor, (select count(*)::int from invoice_line where invoice_id = invoice.id) as lines
    from invoice where order_id = ${orderId} and state = 'issued' order by issued_at, number`,
  )

test('a reseller buys three licences for an end customer: three keys, three mails, one invoice', async () => {
  const ada = await world.portal('ada@brightside.example')
  const birchlane = await accountOf('Birchlane')
  const { basketId, items } = await addToBasket(world.app, ada, {
    planId: await planOf(OFFICE),
    quantity: '3',
  })
  assert.deepEqual(
    items.map((item) => item.quantity),
    [1, 1, 1],
  )

  await assert.rejects(changeQuantity(world.app, ada, { basketId, itemId: items[0]!.id, quantity: 2 }), {
    code: 'basket/esd-quantity-is-fixed',
    message:
      'To decrease the number of licences, remove items from the basket. To increase it, purchase more by running the "buy" process.',
  })
  await assignItems(world.app, ada, {
    basketId,
    assignments: [{ itemIds: items.map((item) => item.id), isForResale: true, endCustomerId: birchlane }],
  })
  await assert.rejects(placeOrder(world.app, ada, { basketId }), { code: 'order/service-details-missing' })
  await giveServiceDetails(world.app, ada, {
    basketId,
    accountId: birchlane,
    connector: 'microsoft-esd',
    options: { keyDeliveryEmail: 'keys@birchlane.example' },
  })

  const statements = world.app.db.counted.statements
  const [order] = await placeOrder(world.app, ada, { basketId })
  assert.ok(order)
  assert.ok(
    world.app.db.counted.statements - statements <= 30,
    `a checkout takes ${world.app.db.counted.statements - statements} statements`,
  )
  const [again] = await placeOrder(world.app, ada, { basketId })
  assert.equal(again?.id, order.id, 'the second click is answered with the first click’s order')

  await world.run()
  const assets = await assetsOf(order.id)
  assert.deepEqual(
    assets.map((asset) => asset.provisioning),
    ['synchronized', 'synchronized', 'synchronized'],
  )
  const mails = await world.mails('keys@birchlane.example')
  assert.equal(mails.length, 3)
  const keys = await Promise.all(assets.map((asset) => revealKey(world.app, ada, { assetId: asset.id })))
  assert.equal(new Set(keys.map(({ key }) => key)).size, 3)
  for (const { key, activationLink } of keys) {
    const mail = mails.filter((each) => each.text.includes(key))
    assert.equal(mail.length, 1, 'each key is in one mail')
    assert.ok(activationLink && mail[0]?.text.includes(activationLink))
    assert.ok(mail[0]?.html.includes(key))
  }
  // 3 × 229.00 = 687.00; 19 % of it is 130.53.
  assert.deepEqual(await invoicesOf(order.id), [
    {
      number: 'INV-2026-000001',
      kind: 'invoice',
      netMinor: 68_700n,
      taxMinor: 13_053n,
      totalMinor: 81_753n,
      lines: 3,
    },
  ])
  const invariants = await world.esd('GET', '/invariants')
  assert.equal(invariants.keysPerTransaction, 1)
})

test('the second purchase of the same end customer asks for no service details', async () => {
  const ada = await world.portal('ada@brightside.example')
  const { basketId, items } = await addToBasket(world.app, ada, { planId: await planOf(OFFICE), quantity: 1 })
  await assignItems(world.app, ada, {
    basketId,
    assignments: [
      { itemIds: [items[0]!.id], isForResale: true, endCustomerId: await accountOf('Birchlane') },
    ],
  })
  const [order] = await placeOrder(world.app, ada, { basketId })
  await world.run()
  assert.equal((await assetsOf(order!.id))[0]?.provisioning, 'synchronized')
  assert.equal((await world.mails('keys@birchlane.example')).length, 4)
})

test('a basket for two end customers becomes one order for each, placed together', async () => {
  const ada = await world.portal('ada@brightside.example')
  const [birchlane, werft] = [await accountOf('Birchlane'), await accountOf('Werft')]
  const { basketId, items } = await addToBasket(world.app, ada, { planId: await planOf(OFFICE), quantity: 3 })
  await assignItems(world.app, ada, {
    basketId,
    assignments: [
      { itemIds: [items[0]!.id], isForResale: true, endCustomerId: birchlane },
      { itemIds: [items[1]!.id, items[2]!.id], isForResale: true, endCustomerId: werft },
    ],
  })
  await giveServiceDetails(world.app, ada, {
    basketId,
    accountId: werft,
    connector: 'microsoft-esd',
    options: { keyDeliveryEmail: 'it@werft.example' },
  })
  const orders = await placeOrder(world.app, ada, { basketId })
  assert.equal(orders.length, 2)
  await world.run()
  assert.equal((await world.mails('it@werft.example')).length, 2)
  for (const order of orders) assert.equal((await invoicesOf(order.id)).length, 1)
})

test('ten simultaneous clicks on "complete" make one order', async () => {
  const paul = await world.portal('paul@lindner.example')
  const { basketId } = await addToBasket(world.app, paul, { planId: await planOf('FQC-10572'), quantity: 2 })
  await giveServiceDetails(world.app, paul, {
    basketId,
    accountId: paul.accountId,
    connector: 'microsoft-esd',
    options: { keyDeliveryEmail: 'paul@lindner.example' },
  })
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => placeOrder(world.app, paul, { basketId })),
  )
  assert.equal(new Set(answers.flatMap((orders) => orders.map((order) => order.id))).size, 1)
  await world.run()
  const orderId = answers[0]![0]!.id
  assert.equal((await assetsOf(orderId)).length, 2)
  assert.equal((await invoicesOf(orderId)).length, 1)
})

test('in the back office an unsynchronized customer stops the execution whole, and Save & Synchronize opens it', async () => {
  const manager = await world.staff()
  const gasthof = await accountOf('Gasthof')
  const alpenblick = await accountOf('Alpenblick')
  const order = await placeOnBehalf(world.app, manager, {
    endCustomerId: gasthof,
    lines: [{ planId: await planOf(OFFICE), quantity: 3 }],
  })
  await world.run()
  assert.equal((await assetsOf(order.id)).length, 0, 'nothing happens before Execute')
  await assert.rejects(
    executeOrder(world.app, manager, { orderId: order.id }),
    (error: { code: string; details: { missing: { accountName: string }[] } }) => {
      assert.equal(error.code, 'order/not-synchronized')
      assert.deepEqual(error.details.missing.map((each) => each.accountName).sort(), [
        'Alpenblick Systemhaus e.U.',
        'Gasthof Hirschen OG',
      ])
      return true
    },
  )
  assert.equal((await assetsOf(order.id)).length, 0)

  await saveSyncOptions(world.app, manager, {
    accountId: alpenblick,
    connector: 'microsoft-esd',
    values: { email: 'vendor@nordlicht.example', role: 'Reseller' },
  })
  await saveSyncOptions(world.app, manager, {
    accountId: gasthof,
    connector: 'microsoft-esd',
    values: { email: 'vendor@nordlicht.example', role: 'User', keyDeliveryEmail: 'resi@hirschen.example' },
  })
  for (const accountId of [alpenblick, gasthof])
    await synchronizeWithConnector(world.app, manager, { accountId, connector: 'microsoft-esd' })
  await world.run()
  await executeOrder(world.app, manager, { orderId: order.id })
  await executeOrder(world.app, manager, { orderId: order.id })
  await world.run()
  assert.deepEqual(
    (await assetsOf(order.id)).map((asset) => asset.provisioning),
    ['synchronized', 'synchronized', 'synchronized'],
  )
  assert.equal((await world.mails('resi@hirschen.example')).length, 3)
  // An Austrian reseller with a VAT number: reverse charge, no VAT on 687.00.
  const [invoice] = await invoicesOf(order.id)
  assert.deepEqual(
    [invoice?.netMinor, invoice?.taxMinor, invoice?.totalMinor, invoice?.lines],
    [68_700n, 0n, 68_700n, 3],
  )
})

test('five licences of which two fail: three are delivered and invoiced, the two follow on their own invoice after Retry', async () => {
  const paul = await world.portal('paul@lindner.example')
  const office = await addToBasket(world.app, paul, { planId: await planOf('EP2-20655'), quantity: 3 })
  await addToBasket(world.app, paul, { planId: await planOf('EP2-20753'), quantity: 2 })
  await world.esd('POST', '/faults', {
    kind: 'error-500',
    operation: 'purchase',
    sku: 'EP2-20753',
    probability: 1,
  })
  const [order] = await placeOrder(world.app, paul, { basketId: office.basketId })
  for (let n = 0; n < 6; n += 1) {
    await world.run()
    world.advance({ seconds: 5 })
  }
  const assets = await assetsOf(order!.id)
  assert.deepEqual(assets.map((asset) => asset.provisioning).sort(), [
    'failed',
    'failed',
    'synchronized',
    'synchronized',
    'synchronized',
  ])
  assert.ok(assets.filter((asset) => asset.provisioning === 'failed').every((asset) => asset.failureReason))
  // 3 × 629.00 = 1,887.00; 19 % is 358.53.
  assert.deepEqual(
    (await invoicesOf(order!.id)).map((invoice) => [invoice.netMinor, invoice.taxMinor, invoice.lines]),
    [[188_700n, 35_853n, 3]],
  )

  await world.esd('DELETE', '/faults')
  for (const asset of assets.filter((each) => each.provisioning === 'failed'))
    await retryLicence(world.app, paul, { assetId: asset.id })
  await world.run()
  assert.ok((await assetsOf(order!.id)).every((asset) => asset.provisioning === 'synchronized'))
  // 2 × 309.00 = 618.00, together or on two invoices: the sum is what counts, and each licence once.
  const invoices = await invoicesOf(order!.id)
  assert.equal(
    invoices.reduce((sum, invoice) => sum + invoice.netMinor, 0n),
    188_700n + 61_800n,
  )
  assert.equal(
    invoices.reduce((sum, invoice) => sum + invoice.lines, 0),
    5,
  )
})

test('an answer lost after the key was made is looked up: one key, one mail', async () => {
  const paul = await world.portal('paul@lindner.example')
  const before = await world.esd('GET', '/invariants')
  const { basketId } = await addToBasket(world.app, paul, { planId: await planOf('KW9-00664'), quantity: 1 })
  await world.esd('POST', '/faults', { kind: 'lose-answer', operation: 'purchase', times: 1 })
  const [order] = await placeOrder(world.app, paul, { basketId })
  await world.run()
  world.advance({ seconds: 5 })
  await world.run()
  assert.equal((await assetsOf(order!.id))[0]?.provisioning, 'synchronized')
  const later = await world.esd('GET', '/invariants')
  assert.equal(later.keys - before.keys, 1)
  assert.equal(later.keysPerTransaction, 1)
})

test('throttled, pending and out of keys: it waits, and delivers once', async () => {
  const paul = await world.portal('paul@lindner.example')
  const { basketId } = await addToBasket(world.app, paul, { planId: await planOf('EP2-06837'), quantity: 1 })
  await world.esd('POST', '/faults', { kind: 'throttle', operation: 'purchase', times: 1, seconds: 1 })
  await world.esd('POST', '/faults', { kind: 'pending', operation: 'purchase', times: 1, seconds: 1 })
  await world.esd('POST', '/stock', { sku: 'EP2-06837', stock: 0 })
  const [order] = await placeOrder(world.app, paul, { basketId })
  await world.run()
  world.advance({ seconds: 2 })
  await world.run()
  const waiting = await reading(
    world.app.db,
    sellerScope,
    (sql) =>
      sql.one<{ isAwaitingKey: boolean }>`select is_awaiting_key from asset where order_id = ${order!.id}`,
  )
  assert.equal(waiting.isAwaitingKey, true)
  assert.equal((await invoicesOf(order!.id)).length, 0, 'nothing is charged while there is no key')
  await world.esd('POST', '/stock', { sku: 'EP2-06837', stock: null })
  world.advance({ minutes: 15 })
  await world.run()
  await new Promise((resolve) => setTimeout(resolve, 1100))
  world.advance({ minutes: 1 })
  await world.run()
  assert.equal((await assetsOf(order!.id))[0]?.provisioning, 'synchronized')
  assert.equal((await invoicesOf(order!.id)).length, 1)
})

test('a cancellation is requested, sent and credited in full; a redeemed licence is refused and nothing changes', async () => {
  const paul = await world.portal('paul@lindner.example')
  const manager = await world.staff()
  const { basketId } = await addToBasket(world.app, paul, { planId: await planOf('FQC-10572'), quantity: 2 })
  const [order] = await placeOrder(world.app, paul, { basketId })
  await world.run()
  const [first, second] = await assetsOf(order!.id)
  const request = await requestCancellation(world.app, paul, {
    assetId: first!.id,
    comment: 'Ordered twice.',
  })
  assert.equal((await assetsOf(order!.id))[0]?.state, 'active', 'a request cancels nothing yet')
  await decideCancellation(world.app, manager, { requestId: request.id, decision: 'send' })
  await world.run()
  assert.equal((await assetsOf(order!.id))[0]?.state, 'cancelled')
  const credits = (await invoicesOf(order!.id)).filter((invoice) => invoice.kind === 'credit')
  // 2 × 219.00 = 438.00 with 83.22 VAT, shared 41.61 and 41.61: one licence is credited with 219.00 + 41.61.
  assert.deepEqual(
    credits.map((invoice) => [invoice.netMinor, invoice.taxMinor, invoice.totalMinor]),
    [[-21_900n, -4_161n, -26_061n]],
  )

  const purchases = (await world.esd('GET', '/purchases')) as { id: string; status: string }[]
  const transaction = await reading(
    world.app.db,
    sellerScope,
    (sql) => sql.one<{ id: string }>`select transaction_id as id from asset where id = ${second!.id}`,
  )
  assert.ok(purchases.some((purchase) => purchase.id === transaction.id))
  await world.esd('POST', '/redeem', { transactionId: transaction.id })
  await cancelLicence(world.app, manager, { assetId: second!.id })
  await world.run()
  const [, refused] = await assetsOf(order!.id)
  assert.equal(refused?.state, 'active')
  assert.equal((await invoicesOf(order!.id)).filter((invoice) => invoice.kind === 'credit').length, 1)
})

test('an unreachable mail server stops no sale: the mail waits and goes once', async () => {
  const paul = await world.portal('paul@lindner.example')
  const count = (await world.mails('Microsoft 365 Family')).length
  const { basketId } = await addToBasket(world.app, paul, { planId: await planOf('6GQ-00092'), quantity: 1 })
  await world.mailboxFault({ kind: 'tempfail', times: 1 })
  const [order] = await placeOrder(world.app, paul, { basketId })
  await world.run()
  assert.equal((await invoicesOf(order!.id)).length, 1)
  world.advance({ seconds: 5 })
  await world.run()
  assert.equal((await world.mails('Microsoft 365 Family')).length, count + 1)
})

test('what is not a quantity is refused with the field at fault', async () => {
  const paul = await world.portal('paul@lindner.example')
  const planId = await planOf(OFFICE)
  for (const quantity of [0, -1, 1.5, 1e9, '', '1e3', null, '٣'])
    await assert.rejects(
      addToBasket(world.app, paul, { planId, quantity }),
      (error: { code: string; errors: { pointer: string }[] }) => {
        assert.equal(error.code, 'input/invalid')
        assert.equal(error.errors[0]?.pointer, '/quantity')
        return true
      },
    )
})

test('invoice numbers have no gaps', async () => {
  const rows = await reading(
    world.app.db,
    sellerScope,
    (sql) => sql.many<{ number: string }>`select number from invoice where kind = 'invoice' order by number`,
  )
  assert.deepEqual(
    rows.map((row) => row.number),
    rows.map((_, n) => `INV-2026-${String(n + 1).padStart(6, '0')}`),
  )
})
