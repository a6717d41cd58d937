import { Link } from 'react-router'

/** Records below each other, each a link: what it is called, what tells it from others, and what kind it is where that is not said above. */
export function RecordLinks({
  records,
}: {
  records: readonly {
    readonly to: string
    readonly title: string
    readonly about: string
    readonly word?: string | undefined
  }[]
}) {
  return (
    <ul className="card divide-y divide-line">
      {records.map(({ to, title, about, word }) => (
        <li key={to}>
          <Link
            to={to}
            className="flex min-h-11 flex-wrap items-baseline gap-x-4 gap-y-0.5 px-4 py-2.5 hover:bg-sunken"
          >
            <span className="font-medium text-brand-text">{title}</span>
            {word && <span className="text-[0.8571em] text-muted max-sm:ml-auto sm:order-last">{word}</span>}
            <span className={`min-w-0 text-muted max-sm:w-full ${word ? 'sm:flex-1' : ''}`}>{about}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
