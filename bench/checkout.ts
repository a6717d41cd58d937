// Checkouts of five ESD licences per second, beside a plain SQL transaction that writes the same rows, in the same run.
import { performance } from 'node:perf_hooks'
import { addToBasket } from '#flows/ordering/add-to-basket.ts'
import { giveServiceDetails } from '#flows/ordering/change-basket.ts'
import { placeOrder } from '#flows/ordering/place-order.ts'
import { createUser } from '#flows/users/manage-users.ts'
import { type BasketId, newId, type PlanId } from '#kernel/ids.ts'
import { actorWith, type Portal, type Role, system } from '#modules/users'
import { reading, sellerScope } from '#platform/db.ts'
import { startWorld, type World } from '../tests/support/world.ts'

const LINES = 5
const EACH = 240
const CLIENTS = [1, 8, 32]

type Figure = { what: string; clients: number; perSecond: number; p50: number; p99: number }

export async function benchCheckout(): Promise<void> {
  const world = await startWorld()
  try {
    const { id: planId } = await reading(
      world.app.db,
      sellerScope,
      (sql) => sql.one<{ id: PlanId }>`select id from plan where sku = 'EP2-06604' and country = 'DE'`,
    )
    const buyers = await makeBuyers(world, EACH * CLIENTS.length)
    const figures: Figure[] = []
    let statements = 0
    for (const [round, clients] of CLIENTS.entries()) {
      const baskets = await fillBaskets(world, buyers.slice(round * EACH, (round + 1) * EACH), planId)
      const before = world.app.db.counted.statements
      figures.push(
        await measure(
          'checkout',
          clients,
          baskets,
          async ({ buyer, basketId }) => void (await placeOrder(world.app, buyer, { basketId })),
        ),
      )
      statements = (world.app.db.counted.statements - before) / EACH
      figures.push(
        await measure(
          'plain SQL',
          clients,
          Array.from({ length: EACH }, () => ({ buyer: buyers[0] as Portal, basketId: '' as BasketId })),
          () => plainTransaction(world, buyers[0] as Portal, planId),
        ),
      )
    }
    console.log(
      `\nCheckout of ${LINES} licences, ${EACH} orders for each row, ${statements.toFixed(1)} statements a checkout\n`,
    )
    console.log('what        clients   per second   p50 ms   p99 ms   of plain SQL')
    for (const figure of figures) {
      const plain = figures.find((each) => each.what === 'plain SQL' && each.clients === figure.clients)
      const share =
        figure.what === 'checkout' && plain
          ? `${Math.round((100 * figure.perSecond) / plain.perSecond)} %`
          : ''
      console.log(
        `${figure.what.padEnd(12)}${String(figure.clients).padStart(6)}${figure.perSecond.toFixed(0).padStart(13)}${figure.p50.toFixed(1).padStart(9)}${figure.p99.toFixed(1).padStart(9)}${share.padStart(15)}`,
      )
    }
  } finally {
    await world.close()
  }
}

type Prepared = { buyer: Portal; basketId: BasketId }

async function makeBuyers(world: World, count: number): Promise<Portal[]> {
  const paul = await world.portal('paul@lindner.example')
  const { basketId } = await addToBasket(world.app, paul, {
    planId: (await anyPlan(world)) as PlanId,
    quantity: 1,
  })
  await giveServiceDetails(world.app, paul, {
    basketId,
    accountId: paul.accountId,
    connector: 'microsoft-esd',
    options: { keyDeliveryEmail: 'paul@lindner.example' },
  })
  await placeOrder(world.app, paul, { basketId })
  await world.run()
  return Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const user = await createUser(world.app, system('bench'), {
        email: `buyer${n}@lindner.example`,
        name: `Buyer ${n}`,
        roles: ['admin'] as Role[],
        accountId: paul.accountId,
      })
      return actorWith(
        { id: user.id, name: user.name, accountId: paul.accountId, roles: user.roles },
        'customer',
      ) as Portal
    }),
  )
}

const anyPlan = async (world: World) =>
  (
    await reading(
      world.app.db,
      sellerScope,
      (sql) => sql.one<{ id: string }>`select id from plan where sku = 'EP2-06604' and country = 'DE'`,
    )
  ).id

/** A full basket for each buyer: a user has one open basket. */
async function fillBaskets(world: World, buyers: readonly Portal[], planId: PlanId): Promise<Prepared[]> {
  const prepared: Prepared[] = []
  for (const buyer of buyers) {
    const { basketId } = await addToBasket(world.app, buyer, { planId, quantity: LINES })
    prepared.push({ buyer, basketId })
  }
  return prepared
}

async function measure(
  what: string,
  clients: number,
  work: readonly Prepared[],
  run: (each: Prepared) => Promise<void>,
): Promise<Figure> {
  const times: number[] = []
  let next = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (;;) {
        const each = work[next]
        next += 1
        if (!each) return
        const at = performance.now()
        await run(each)
        times.push(performance.now() - at)
      }
    }),
  )
  const seconds = (performance.now() - began) / 1000
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return { what, clients, perSecond: work.length / seconds, p50: at(0.5), p99: at(0.99) }
}

/** The same rows, written as directly as PostgreSQL can be asked: one transaction, one statement a table. */
async function plainTransaction(world: World, buyer: Portal, planId: PlanId): Promise<void> {
  const order = newId()
  const ids = Array.from({ length: LINES }, () => ({
    item: newId() as string,
    asset: newId() as string,
    transaction: newId() as string,
  }))
  await world.app.db.pool.begin(async (sql) => {
    await sql`
      insert into sales_order (id, number, state, channel, billing_to_id, end_customer_id, placed_by, currency, net_minor, tax_minor, total_minor, created_at, executed_at, settle_by)
      values (${order}, 'SO-' || (100000 + nextval('order_number')), 'executed', 'storefront', ${buyer.accountId}, ${buyer.accountId}, ${buyer.userId}, 'EUR', 114500, 21755, 136255, now(), now(), now() + interval '2 hours')`
    const rows = sql.json(ids as never)
    await sql`
      insert into order_item (id, order_id, position, plan_id, product_id, instance_id, name, sku, quantity, unit_price, net_minor, tax_minor, tax_basis_points, tax_category, explanation, is_for_resale)
      select (row ->> 'item')::uuid, ${order}, n, plan.id, plan.product_id, plan.instance_id, plan.vendor_name, plan.sku, 1, 229, 22900, 4351, 1900, 'S', '{}', false
      from jsonb_array_elements(${rows}) with ordinality as given (row, n), plan where plan.id = ${planId}`
    await sql`
      insert into asset (id, number, order_id, order_item_id, billing_to_id, end_customer_id, product_id, plan_id, instance_id, name, sku, currency, price_minor, purchased_at, is_returnable, transaction_id)
      select (row ->> 'asset')::uuid, 'LIC-' || (100000 + nextval('asset_number')), ${order}, (row ->> 'item')::uuid, ${buyer.accountId}, ${buyer.accountId}, plan.product_id, plan.id, plan.instance_id,
        plan.vendor_name, plan.sku, 'EUR', 22900, now(), true, (row ->> 'transaction')::uuid
      from jsonb_array_elements(${rows}) as given (row), plan where plan.id = ${planId}`
    await sql`
      insert into order_event (id, order_id, at, kind, text) values (${newId()}, ${order}, now(), 'placed', 'Placed.'), (${newId()}, ${order}, now(), 'executed', 'Executed.')`
    await sql`
      insert into pgboss.job (name, data) select 'provision-licence', jsonb_build_object('assetId', row ->> 'asset') from jsonb_array_elements(${rows}) as given (row)
      union all select 'settle-order', jsonb_build_object('orderId', ${order}::text)`
  })
}
