import { Outage, Refusal } from '#kernel/failure.ts'

export function loader({ url }: { url: URL }) {
  switch (url.searchParams.get('as')) {
    case 'outage':
      throw new Outage('The database is away.')
    case 'bug':
      throw new Error('secret detail of a bug')
    default:
      throw new Refusal('order/not-found', 'This order does not exist.')
  }
}

export default function Away() {
  return null
}
