type Amounts = { net: string; tax: string; total: string; rate: string }

export function Totals({ totals, isGrand = false }: { totals: Amounts; isGrand?: boolean }) {
  const line = 'flex items-baseline justify-between gap-6'
  return (
    <dl className="grid gap-1 tabular-nums">
      <div className={line}>
        <dt className="text-muted">Net</dt>
        <dd>{totals.net}</dd>
      </div>
      <div className={line}>
        <dt className="text-muted">VAT {totals.rate}</dt>
        <dd>{totals.tax}</dd>
      </div>
      <div className={`${line} font-medium ${isGrand ? 'mt-1 border-t border-line pt-2' : ''}`}>
        <dt>Total incl. VAT</dt>
        <dd className={isGrand ? 'text-xl font-semibold' : ''}>{totals.total}</dd>
      </div>
    </dl>
  )
}
