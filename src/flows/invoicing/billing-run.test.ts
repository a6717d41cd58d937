// Billing runs as records, on the real database. Each order is one year of Server Standard: 1 licence is 1260.00 EUR, with 239.40 VAT
// 1499.40; 2 licences are 2520.00, with 478.80 VAT 2998.80.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { changeAccount } from '#flows/accounts/change-account.ts'
import { createConversionRule, endConversionRule } from '#flows/pricing/manage-conversion-rules.ts'
import type { InstanceId, OrderId, SubscriptionId } from '#kernel/ids.ts'
import type { Currency } from '#kernel/money.ts'
import { moneyText } from '#kernel/money.ts'
import type { BillingRunId } from '#modules/invoicing'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import {
  browseBillingRuns,
  browseRunOrders,
  type RunShow,
  runStateOf,
  viewBillingRunRecord,
} from '#views/invoices/billing-runs.ts'
import { type Buyer, openShop, type Shop } from '../../../tests/support/fixtures.ts'
import {
  beginFirstTerm,
  insertSilentInstance,
  insertSoftwareOrder,
} from '../../../tests/support/software-order.ts'
import { billOrder } from './bill-order.ts'
import { billingRun, retryBillingRun, startBillingRun } from './billing-run.ts'

let shop: Shop
let instanceId: InstanceId
before(async () => {
  shop = await openShop()
  instanceId = await insertSilentInstance(shop.app)
})
after(() => shop.close())

const meta = { id: 'test', retries: 0, isLastTry: false }
const manager = () => shop.manager.actor

const read = <Read>(how: Parameters<typeof reading<Read>>[2]) => reading(shop.app.db, sellerScope, how)

/** An order whose first charge is due and stands on no invoice. */
async function due(quantity: number, buyer: Buyer = shop.direct): Promise<OrderId> {
  const id: SubscriptionId = await insertSoftwareOrder(shop.app, {
    instanceId,
    billingToId: buyer.account.id,
    endCustomerId: buyer.account.id,
    sku: 'DG7GMGF0EM01:0001',
    term: 'P1Y',
    billingPlan: 'annual',
    quantity,
    retail: '1260.00',
    cost: '1200.00',
  })
  await beginFirstTerm(shop.app, id, shop.app.now())
  const { orderId } = await read(
    (sql) => sql.one<{ orderId: OrderId }>`select order_id from subscription where id = ${id}`,
  )
  return orderId
}

/** The clock comes by. Of the jobs that follow only those of `billing-run` are done. */
async function clock(): Promise<void> {
  await billingRun.run(shop.app, {}, meta)
}

const runs = async () => (await browseBillingRuns(shop.app.db, manager(), { limit: 50 })).items
const told = (id: BillingRunId) => viewBillingRunRecord(shop.app.db, manager(), { id })
const ordersOf = async (id: BillingRunId, show: RunShow = 'all') =>
  (await browseRunOrders(shop.app.db, manager(), { id, show, limit: 50 })).items

/** State; orders and charges due, invoiced, waiting, failed; amounts. */
async function numbersOf(id: BillingRunId) {
  const run = await told(id)
  const { found, counts } = run
  return [
    runStateOf(run),
    ...[found, counts.invoiced, counts.waiting, counts.failed].map(
      ({ orders, charges }) => `${orders}/${charges}`,
    ),
    run.amounts
      .map(({ invoices, net, total }) => `${invoices}: ${moneyText(net)} ${moneyText(total)} ${net.currency}`)
      .join(),
  ]
}

const invoicesOf = async (orderId: OrderId) =>
  (
    await read(
      (sql) =>
        sql.one<{ count: number }>`select count(*)::int as count from invoice where order_id = ${orderId}`,
    )
  ).count

const forgetJobs = () =>
  shop.app.db.pool.unsafe(`delete from pgboss.job where name in ('billing-run', 'bill-order')`)

test('a run tells who started it, what was due, and what was invoiced', async () => {
  await due(1)
  await due(2)
  const started = await startBillingRun(shop.app, manager())
  assert.equal(runStateOf(await told(started.id)), 'running')
  await shop.run()
  // 1260.00 + 2520.00; 1499.40 + 2998.80.
  assert.deepEqual(await numbersOf(started.id), [
    'done',
    '2/2',
    '2/2',
    '0/0',
    '0/0',
    '2: 3780.00 4498.20 EUR',
  ])
  const run = await told(started.id)
  assert.deepEqual([run.startedKind, run.startedBy], ['person', 'Henrik'])
  assert.deepEqual(
    (await ordersOf(started.id)).map(({ outcome, invoice }) => [
      outcome,
      invoice && moneyText(invoice.total),
    ]),
    [
      ['invoiced', '1499.40'],
      ['invoiced', '2998.80'],
    ],
  )
  const audited = await read(
    (sql) => sql.many<{ action: string }>`select action from audit_entry where subject_id = ${started.id}`,
  )
  assert.deepEqual(audited, [{ action: 'billing-run/started' }])
})

test('who starts a run where nothing is due is told so; the clock leaves no record of it', async () => {
  const before = (await runs()).length
  await clock()
  assert.equal((await runs()).length, before)
  const { id } = await startBillingRun(shop.app, manager())
  await shop.run()
  assert.deepEqual(await numbersOf(id), ['done', '0/0', '0/0', '0/0', '0/0', ''])
})

test('two clicks at once are one run, and so is a click while the clock’s run goes on', async () => {
  const orderId = await due(1)
  const before = (await runs()).length
  const [one, other] = await Promise.all([
    startBillingRun(shop.app, manager()),
    startBillingRun(shop.app, shop.administrator.actor),
  ])
  assert.equal(one.id, other.id)
  await clock()
  await shop.run()
  assert.equal((await runs()).length, before + 1)
  assert.deepEqual((await numbersOf(one.id)).slice(0, 3), ['done', '1/1', '1/1'])
  assert.equal(await invoicesOf(orderId), 1)
})

test('the clock’s own run is written down as soon as something is due', async () => {
  await due(2)
  await clock()
  const [run] = await runs()
  assert.deepEqual([run?.startedKind, run?.startedBy, run && runStateOf(run)], ['clock', '', 'running'])
  await shop.run()
  assert.deepEqual((await numbersOf(run!.id)).slice(0, 3), ['done', '1/1', '1/1'])
})

test('a run killed in the middle is finished by the next try, without a second invoice, and its numbers are right', async () => {
  const orders = [await due(1), await due(1), await due(2)]
  const { id } = await startBillingRun(shop.app, manager())
  // Killed before anything was found; the jobs of it are lost.
  await forgetJobs()
  await clock()
  const found = await ordersOf(id)
  assert.deepEqual(
    found.map(({ orderId, outcome }) => [orderId, outcome]),
    orders.map((orderId) => [orderId, undefined]),
  )
  // One is invoiced, and killed before its job was ticked off: it is done again and changes nothing.
  await billOrder.run(shop.app, { runId: id, orderId: orders[0]! }, meta)
  await billOrder.run(shop.app, { runId: id, orderId: orders[0]! }, meta)
  assert.deepEqual(await numbersOf(id), ['running', '3/3', '1/1', '0/0', '0/0', '1: 1260.00 1499.40 EUR'])
  // The worker dies, and the other two jobs with it. Something else invoices one of them meanwhile.
  await forgetJobs()
  await clock()
  assert.equal((await numbersOf(id))[0], 'running', 'it moved a moment ago')
  shop.advance({ minutes: 6 })
  await clock()
  await Promise.all([shop.run(), billOrder.run(shop.app, { runId: id, orderId: orders[1]! }, meta)])
  // 1260.00 + 1260.00 + 2520.00; 1499.40 + 1499.40 + 2998.80.
  assert.deepEqual(await numbersOf(id), ['done', '3/3', '3/3', '0/0', '0/0', '3: 5040.00 5997.60 EUR'])
  assert.deepEqual(await Promise.all(orders.map(invoicesOf)), [1, 1, 1])
})

test('what fails is told with its reason, charges nothing, and is invoiced when it is retried', async () => {
  const good = await due(1)
  const bad = await due(2)
  await shop.app.db.pool.unsafe(`
    create function refuse_bad() returns trigger language plpgsql as
      $$ begin raise exception 'the paper is jammed'; end $$;
    create trigger bad before insert on invoice for each row when (new.order_id = '${bad}') execute function refuse_bad()`)
  const { id } = await startBillingRun(shop.app, manager())
  await billingRun.run(shop.app, { runId: id }, meta)
  const asked = { runId: id, orderId: bad }
  await assert.rejects(billOrder.run(shop.app, asked, meta), /the paper is jammed/)
  await billOrder.run(shop.app, { runId: id, orderId: good }, meta)
  assert.equal((await numbersOf(id))[0], 'running', 'it is tried again by itself')
  await billOrder.run(shop.app, asked, { ...meta, isLastTry: true })
  await forgetJobs()
  assert.deepEqual(await numbersOf(id), [
    'partly failed',
    '2/2',
    '1/1',
    '0/0',
    '1/1',
    '1: 1260.00 1499.40 EUR',
  ])
  const [failed] = await ordersOf(id, 'failed')
  assert.equal(failed?.orderId, bad)
  assert.match(failed?.reason ?? '', /nothing of it was invoiced: the paper is jammed$/)
  await assert.rejects(retryBillingRun(shop.app, shop.support.actor, { runId: id }), {
    code: 'right/missing',
  })

  await shop.app.db.pool.unsafe(`drop trigger bad on invoice; drop function refuse_bad`)
  await Promise.all([
    retryBillingRun(shop.app, manager(), { runId: id }),
    retryBillingRun(shop.app, manager(), { runId: id, orderId: bad }),
  ])
  assert.equal((await numbersOf(id))[0], 'running')
  await shop.run()
  assert.deepEqual(await numbersOf(id), ['done', '2/2', '2/2', '0/0', '0/0', '2: 3780.00 4498.20 EUR'])
  assert.deepEqual([await invoicesOf(good), await invoicesOf(bad)], [1, 1])
  await retryBillingRun(shop.app, manager(), { runId: id })
  assert.equal((await numbersOf(id))[0], 'done', 'nothing failed any more')
})

test('what waits for a rate is told by the run that met it, by no run of every hour, and by the run of whoever enters the rate', async () => {
  const administrator = shop.administrator.actor
  const today = () => shop.app.now().toZonedDateTimeISO('Europe/Berlin').toPlainDate()
  const enter = (rate: string) =>
    createConversionRule(shop.app, administrator, {
      currency: 'VES',
      baseCurrency: 'EUR',
      rate,
      validFrom: today().toString(),
      market: '',
      overridesSheet: false,
      isForInvoicesOnly: true,
      source: 'Central bank',
      note: '',
    })
  const rate = await enter('40.5')
  await changeAccount(shop.app, administrator, {
    accountId: shop.south.account.id,
    terms: { transactionCurrency: 'VES' as Currency },
  })
  shop.advance({ hours: 72 })
  await endConversionRule(shop.app, administrator, {
    id: rate.id,
    lastDay: today().subtract({ days: 1 }).toString(),
  })
  await shop.run()
  const orderId = await due(1, shop.south)
  await clock()
  await shop.run()
  const [met, ...earlier] = await runs()
  assert.deepEqual((await numbersOf(met!.id)).slice(0, 4), ['partly waiting', '1/1', '0/0', '1/1'])
  assert.deepEqual(
    (await ordersOf(met!.id)).map(({ reason }) => reason),
    ['There is no rate of VES against EUR today.'],
  )
  shop.advance({ hours: 1 })
  await clock()
  await shop.run()
  assert.equal((await runs()).length, earlier.length + 1)

  await enter('42')
  await shop.run()
  const [made] = await runs()
  assert.deepEqual([made?.startedKind, made?.startedBy], ['rate', 'Marit'])
  assert.deepEqual((await numbersOf(made!.id)).slice(0, 3), ['done', '1/1', '1/1'])
  assert.equal(await invoicesOf(orderId), 1)
  const [waited] = await ordersOf(met!.id)
  const [billed] = await ordersOf(made!.id)
  assert.equal(waited?.outcome, 'waiting', 'that run ended like this')
  assert.equal(waited?.invoicedSince?.id, billed?.invoice?.id)
  assert.ok(billed?.invoice)
})

test('while another run goes on, what failed in an old one is left to it', async () => {
  const orderId = await due(1)
  const { id: old } = await startBillingRun(shop.app, manager())
  await billingRun.run(shop.app, { runId: old }, meta)
  // As a try that failed for the last time writes it down.
  await shop.app.db.pool.unsafe(
    `update billing_run_order set outcome = 'failed', reason = 'x', outcome_at = now() where run_id = '${old}'`,
  )
  await billOrder.run(shop.app, { runId: old, orderId }, meta)
  assert.equal(await invoicesOf(orderId), 0, 'its turn in this run is over')
  await forgetJobs()
  const { id } = await startBillingRun(shop.app, manager())
  assert.notEqual(id, old)
  await assert.rejects(retryBillingRun(shop.app, manager(), { runId: old }), {
    code: 'billing-run/another-running',
  })
  await shop.run()
  assert.deepEqual((await numbersOf(id)).slice(0, 3), ['done', '1/1', '1/1'])
  const [failed] = await ordersOf(old, 'failed')
  assert.ok(failed?.invoicedSince)
  // Retried all the same it finds nothing left to invoice.
  await retryBillingRun(shop.app, manager(), { runId: old })
  await shop.run()
  assert.deepEqual(
    (await ordersOf(old)).map(({ outcome }) => outcome),
    ['nothing'],
  )
  assert.equal(await invoicesOf(orderId), 1)
})

test('accounts do not see billing runs', async () => {
  for (const table of ['billing_run', 'billing_run_order', 'billing_run_count', 'billing_run_amount'])
    assert.deepEqual(
      await transaction(
        shop.app.db,
        { role: 'portal', accountId: shop.direct.account.id },
        (tx) => tx.one`select has_table_privilege(${table}, 'select') as may`,
      ),
      { may: false },
    )
})
