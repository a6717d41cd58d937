import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import type { BasketId } from '#kernel/ids.ts'
import { listOrders, type OrderFilter, orderFilters } from '#views/orders/list-orders.ts'
import { orderRow } from '#web/storefront/shown.ts'
import { buyerOf } from '#web/storefront/visitor.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { Empty, Page } from '#web/ui/page.tsx'
import { AutoRefresh } from '#web/ui/progress.tsx'
import { FilterLinks, Pager, SearchForm } from '#web/ui/table.tsx'
import { OrderTable } from '../parts/order-table.tsx'

export const meta = () => [{ title: 'Orders' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor, buyer } = await buyerOf(args)
  const ask = args.url.searchParams
  const q = ask.get('q') ?? ''
  const filter = orderFilters.find((each) => each !== 'draft' && each === ask.get('filter'))
  const placed = ask.get('placed') ?? undefined
  const cursor = ask.get('cursor') ?? undefined
  const { items, nextCursor } = await listOrders(app.db, actor, {
    q,
    filter,
    cursor,
    basketId: placed as BasketId | undefined,
  })
  return {
    q,
    filter,
    cursor,
    nextCursor,
    placed,
    isMoving: placed !== undefined && items.some(({ progress }) => progress === 'in progress'),
    orders: items.map((order) => orderRow(order, buyer)),
  }
}

/** A draft is the seller's alone. */
const filterLabels: Readonly<Record<Exclude<OrderFilter, 'draft'>, string>> = {
  waiting: 'On hold',
  open: 'In progress',
  trouble: 'Needs a hand',
  cancelled: 'Cancelled',
}

export default function Orders() {
  const { q, filter, cursor, nextCursor, placed, isMoving, orders } = useLoaderData<typeof loader>()
  if (placed)
    return (
      <Page
        title="Thank you"
        lead="Your orders are placed."
        actions={<LinkButton to="/orders">All orders</LinkButton>}
      >
        <Notice tone="success">
          One order for each end customer. The keys leave by e-mail as they arrive; you need not wait here.
        </Notice>
        <AutoRefresh isOn={isMoving} />
        <OrderTable orders={orders} />
      </Page>
    )
  return (
    <Page title="Orders">
      <SearchForm
        label="Search orders"
        q={q}
        placeholder="Number, your reference, customer…"
        keep={{ filter }}
      />
      <FilterLinks
        name="filter"
        current={filter}
        keep={{ q }}
        choices={Object.entries(filterLabels).map(([value, label]) => ({ value, label }))}
      />
      {orders.length > 0 ? (
        <OrderTable orders={orders} />
      ) : (
        <Empty
          title={q || filter ? 'No order fits' : 'No orders yet'}
          action={
            <LinkButton to={q || filter ? '/orders' : '/products'}>
              {q || filter ? 'Show all orders' : 'Browse products'}
            </LinkButton>
          }
        >
          {q || filter
            ? 'Try an order number such as SO-100042, or part of a customer’s name.'
            : 'Your orders will be listed here.'}
        </Empty>
      )}
      <Pager cursor={cursor} nextCursor={nextCursor} keep={{ q, filter }} />
    </Page>
  )
}
