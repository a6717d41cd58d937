// Some of an order's items are executed before the others: what was ticked goes with every form that asks again.

/** The ids of the ticked items; none: the whole order is executed. */
export type OrderTicks = readonly string[]

export function TickedInputs({ ticked }: { ticked: OrderTicks }) {
  return ticked.map((id) => <input key={id} type="hidden" name="itemIds" value={id} />)
}

export const executeIntent = (ticked: OrderTicks) => (ticked.length > 0 ? 'execute-items' : 'execute')
