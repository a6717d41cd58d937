// Overdue is counted where the seller is: a list and the invoice's own page say the same, also in the hours between two midnights.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId, type ProductId } from '#kernel/ids.ts'
import { insertLegalEntity } from '#modules/invoicing'
import { actorWith, type Staff } from '#modules/users'
import { type Database, openDatabase, sellerScope, transaction } from '#platform/db.ts'
import { testDatabase } from '../../../tests/support/database.ts'
import { sellersCompany } from '../../../tests/support/fixtures.ts'
import { fillLists } from '../../../tests/support/many-records.ts'
import { listInvoices } from './list-invoices.ts'

let db: Database
let drop: () => Promise<void>
let invoiceId: string
const sam = actorWith({ id: newId(), name: 'Sam', accountId: null, roles: ['administrator'] }, null) as Staff

before(async () => {
  const database = await testDatabase()
  db = openDatabase(database.options)
  drop = database.drop
  await fillLists(db, { resellers: 1, customers: 4, subscriptions: 8, invoiceLines: 40 })
  invoiceId = await transaction(db, sellerScope, async (tx) => {
    await insertLegalEntity(
      tx,
      { ...sellersCompany, id: newId() },
      { invoice: 'INV-{number}', credit: 'CRN-{number}' },
    )
    const open = await tx.one<{ invoiceId: string }>`
      select invoice_id from receivable where open_minor > 0 order by invoice_id limit 1`
    return open.invoiceId
  })
})
after(async () => {
  await db?.close()
  await drop?.()
})

// What is issued never changes, so its day is moved past the triggers that see to that.
async function dueOn(due: Temporal.PlainDate, zone: string): Promise<void> {
  const session = await db.pool.reserve()
  try {
    await session.unsafe(`
      set session_replication_role = replica;
      update legal_entity set time_zone = '${zone}';
      update receivable set due_date = '${due}' where invoice_id = '${invoiceId}';
      update invoice set due_date = '${due}' where id = '${invoiceId}';
      reset all`)
  } finally {
    session.release()
  }
}

// 14 hours before UTC and 12 behind it: at every moment the day of one of them is not that of UTC.
for (const zone of ['Pacific/Kiritimati', 'Etc/GMT+12']) {
  test(`what is due on a day is overdue when that day is over in ${zone}`, async () => {
    const today = Temporal.Now.plainDateISO(zone)
    const expected = [
      [today.subtract({ days: 1 }), true],
      [today, false],
    ] as const
    for (const [due, isOverdue] of expected) {
      await dueOn(due, zone)
      const { items } = await listInvoices(db, sam, { limit: 200 })
      assert.equal(items.find((row) => row.id === invoiceId)?.paid === 'overdue', isOverdue, `${due}`)
      const overdue = await listInvoices(db, sam, { paid: 'overdue', limit: 200 })
      assert.equal(
        overdue.items.some((row) => row.id === invoiceId),
        isOverdue,
        `${due}`,
      )
    }
  })
}

test('invoices are narrowed to a product, to who pays and to a currency: what is left is what was sold so', async () => {
  // Lines that are filled in are of any order; here each invoice is of its first line's.
  const session = await db.pool.reserve()
  await session.unsafe(`
    set session_replication_role = replica;
    update invoice set order_id = item.order_id
    from invoice_line line join order_item item on item.id = line.order_item_id where line.invoice_id = invoice.id and line.position = 1;
    reset all`)
  session.release()
  const all = (await listInvoices(db, sam, { limit: 200 })).items
  assert.equal(all.length, 10)
  const lines = await transaction(
    db,
    sellerScope,
    (tx) => tx.many<{ invoiceId: string; productId: ProductId }>`
      select line.invoice_id, item.product_id from invoice_line line join order_item item on item.id = line.order_item_id
      where line.position = 1`,
  )
  const productId = lines[0]!.productId
  const withProduct = new Set(
    lines.filter((line) => line.productId === productId).map((each) => each.invoiceId),
  )
  const found = async (ask: Parameters<typeof listInvoices>[2]) =>
    new Set((await listInvoices(db, sam, { ...ask, limit: 200 })).items.map(({ id }) => id as string))
  assert.deepEqual(await found({ productId }), withProduct)
  const { billingTo, total } = all[0]!
  const idsOf = (rows: typeof all) => new Set(rows.map(({ id }) => id as string))
  assert.deepEqual(
    await found({ billingToId: billingTo.id }),
    idsOf(all.filter((row) => row.billingTo.id === billingTo.id)),
  )
  assert.deepEqual(
    await found({ currency: total.currency }),
    idsOf(all.filter((row) => row.total.currency === total.currency)),
  )
  assert.deepEqual(await found({ currency: 'XXX' }), new Set())
})
