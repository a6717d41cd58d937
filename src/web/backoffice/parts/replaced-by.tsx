import { Link } from 'react-router'

/** The order that took the place of what could not be delivered. */
export function ReplacedBy({ order }: { order: { readonly id: string; readonly number: string } }) {
  return (
    <>
      Replaced by order{' '}
      <span className="whitespace-nowrap">
        <Link to={`/orders/${order.id}`}>{order.number}</Link>
      </span>
    </>
  )
}
