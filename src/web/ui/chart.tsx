// Charts of few numbers, drawn with plain elements: they need no script, follow the look of the page, and every bar is a link that says its
// numbers. The same numbers stand below as a table for whoever would rather read.
import { Link } from 'react-router'
import { Table } from './table.tsx'

export type Bar = {
  readonly key: string
  readonly label: string
  /** Said by the link, numbers included. */
  readonly about: string
  readonly to: string
  /** Parts of the whole height, from the chart's lower to its upper end: where the bar begins and ends. */
  readonly from: number
  readonly size: number
  /** Parts of the bar that are told apart, from its bottom upwards. */
  readonly filled: readonly number[]
  readonly isNegative: boolean
}

export type Columns = {
  /** What stands beside the lines across, from the lower end to the upper, and where. */
  readonly lines: readonly { readonly at: number; readonly text: string }[]
  readonly bars: readonly Bar[]
}

/** Of a bar's parts, from the bottom upwards. */
const partLooks = ['bg-brand-text', 'bg-warn/60']

const percent = (part: number) => `${(part * 100).toFixed(2)}%`

/** One column for each bar; `legend` names the whole column and its parts from the bottom upwards. */
export function ColumnChart({
  caption,
  columns,
  legend,
  heads,
  rows,
}: {
  caption: string
  columns: Columns
  legend: readonly [whole: string, ...parts: string[]]
  heads: readonly string[]
  rows: readonly { readonly key: string; readonly cells: readonly string[] }[]
}) {
  return (
    <figure className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3">
      <figcaption className="flex flex-wrap items-center gap-x-5 gap-y-1 text-[0.875em] text-muted">
        <span className="inline-flex items-center gap-2">
          <span aria-hidden="true" className="size-3 rounded-xs bg-brand-text/35" />
          {legend[0]}
        </span>
        {legend.slice(1).map((part, index) => (
          <span key={part} className="inline-flex items-center gap-2">
            <span aria-hidden="true" className={`size-3 rounded-xs ${partLooks[index]}`} />
            {part}
          </span>
        ))}
      </figcaption>
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2">
        <div aria-hidden="true" className="relative h-48 w-16 text-[0.75em] text-muted tabular-nums">
          {columns.lines.map(({ at, text }) => (
            <span key={at} className="absolute right-0 translate-y-1/2" style={{ bottom: percent(at) }}>
              {text}
            </span>
          ))}
        </div>
        <div className="relative h-48">
          {columns.lines.map(({ at }) => (
            <span
              key={at}
              aria-hidden="true"
              className="absolute inset-x-0 border-t border-line"
              style={{ bottom: percent(at) }}
            />
          ))}
          <ul aria-label={caption} className="absolute inset-0 flex items-stretch gap-1 sm:gap-2">
            {columns.bars.map((bar) => (
              <li key={bar.key} className="relative min-w-0 flex-1">
                <Link
                  to={bar.to}
                  title={bar.about}
                  className="group absolute inset-0 rounded-md hover:bg-sunken/70"
                >
                  <span className="sr-only">{bar.about}</span>
                  <span
                    aria-hidden="true"
                    className={`absolute inset-x-[12%] overflow-hidden rounded-t-sm ${bar.isNegative ? 'bg-bad/40' : 'bg-brand-text/35 group-hover:bg-brand-text/50'}`}
                    style={{ bottom: percent(bar.from), height: percent(bar.size) }}
                  >
                    {bar.filled.map((part, index) => (
                      <span
                        // biome-ignore lint/suspicious/noArrayIndexKey: parts do not move
                        key={index}
                        className={`absolute inset-x-0 ${partLooks[index]}`}
                        style={{
                          bottom: percent(bar.filled.slice(0, index).reduce((sum, each) => sum + each, 0)),
                          height: percent(part),
                        }}
                      />
                    ))}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </div>
        <span />
        <div aria-hidden="true" className="mt-1.5 flex gap-1 text-[0.75em] text-muted sm:gap-2">
          {columns.bars.map(({ key, label }) => (
            <span key={key} className="min-w-0 flex-1 overflow-hidden text-center">
              <span className="sm:hidden">{label.slice(0, 1)}</span>
              <span className="max-sm:hidden">{label}</span>
            </span>
          ))}
        </div>
      </div>
      <AsTable caption={caption} heads={heads} rows={rows} />
    </figure>
  )
}

export type Rank = {
  readonly key: string
  readonly name: string
  /** Undefined where whoever looks may not go. */
  readonly to: string | undefined
  readonly amount: string
  readonly detail?: string | undefined
  /** Of the longest, 0 to 1. */
  readonly part: number
}

/** Names with an amount each, the bar below as long as the amount is large; the same as a table where one is given. */
export function Ranking({
  label,
  ranks,
  table,
}: {
  label: string
  ranks: readonly Rank[]
  table?: Pick<Parameters<typeof AsTable>[0], 'heads' | 'rows'>
}) {
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3">
      <Ranks label={label} ranks={ranks} />
      {table && <AsTable caption={label} {...table} />}
    </div>
  )
}

function Ranks({ label, ranks }: { label: string; ranks: readonly Rank[] }) {
  return (
    <ol aria-label={label} className="grid gap-1">
      {ranks.map((rank) => (
        <li key={rank.key}>
          {rank.to ? (
            <Link to={rank.to} className="grid gap-1 rounded-md px-2 py-1.5 -mx-2 hover:bg-sunken">
              <Bar rank={rank} />
            </Link>
          ) : (
            <div className="grid gap-1 py-1.5">
              <Bar rank={rank} />
            </div>
          )}
        </li>
      ))}
    </ol>
  )
}

function Bar({ rank }: { rank: Rank }) {
  return (
    <>
      <span className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="min-w-0">{rank.name}</span>
        <span className="font-medium whitespace-nowrap tabular-nums">{rank.amount}</span>
      </span>
      {rank.detail && <span className="text-[0.8571em] text-muted">{rank.detail}</span>}
      <span aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-sunken">
        <span className="block h-full rounded-full bg-brand-text/60" style={{ width: percent(rank.part) }} />
      </span>
    </>
  )
}

function AsTable({
  caption,
  heads,
  rows,
}: {
  caption: string
  heads: readonly string[]
  rows: readonly { readonly key: string; readonly cells: readonly string[] }[]
}) {
  return (
    <details className="min-w-0">
      <summary className="inline-flex min-h-8 items-center text-[0.9286em] font-medium text-brand-text hover:underline">
        As a table<span className="sr-only">: {caption}</span>
      </summary>
      <div className="mt-2">
        <Table
          caption={caption}
          heads={heads}
          numeric={heads.map((_, index) => index).slice(1)}
          rows={rows}
        />
      </div>
    </details>
  )
}
