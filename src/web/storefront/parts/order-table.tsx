import { Link } from 'react-router'
import type { OrderListRow } from '#web/storefront/shown.ts'
import { Badge } from '#web/ui/badge.tsx'
import { Table } from '#web/ui/table.tsx'

export function OrderTable({ orders }: { orders: readonly OrderListRow[] }) {
  return (
    <Table
      caption="Orders"
      heads={['Order', 'Placed', 'Customer', 'Your reference', 'Items', 'State', 'Total incl. VAT']}
      numeric={[4, 6]}
      rows={orders.map((order) => ({
        key: order.id,
        cells: [
          <span key="number" className="whitespace-nowrap">
            <Link to={`/orders/${order.id}`}>{order.number}</Link>
          </span>,
          order.placedAt,
          order.customer,
          order.reference,
          order.items,
          <Badge key="state" tone={order.state.tone}>
            {order.state.text}
          </Badge>,
          order.total,
        ],
      }))}
    />
  )
}
