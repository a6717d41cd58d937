import { muted } from '#web/ui/tone.ts'

type Amounts = { net: string; tax: string; total: string; rate: string }

export function Totals({ totals, isGrand = false }: { totals: Amounts; isGrand?: boolean }) {
  return (
    <dl className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-1 tabular-nums">
      <dt className="text-muted">Net</dt>
      <dd className="text-right">{totals.net}</dd>
      <dt className="text-muted">VAT {totals.rate}</dt>
      <dd className="text-right">{totals.tax}</dd>
      <dt className={isGrand ? 'mt-1 border-t border-line pt-2 font-medium' : 'font-medium'}>
        Total incl. VAT
      </dt>
      <dd
        className={`text-right ${isGrand ? 'mt-1 border-t border-line pt-2 text-xl font-semibold' : 'font-medium'}`}
      >
        {totals.total}
      </dd>
    </dl>
  )
}
