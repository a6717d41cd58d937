import type { LineRow } from '#web/storefront/shown.ts'
import { type FormState, faultOf, typedList } from '../form-state.ts'
import { More } from './more.tsx'

/** Which of the items a customer gets: all, unless somebody says otherwise. */
export function ItemTicks({ items, state }: { items: readonly LineRow[]; state: FormState | undefined }) {
  const ticked = typedList(state, 'itemId')
  const [only] = items
  if (items.length === 1 && only) return <input type="hidden" name="itemId" value={only.id} />
  const error = faultOf(state, 'itemId')
  return (
    <More
      title={`For all ${items.length} items. Different customers for different items?`}
      isOpen={ticked !== undefined}
    >
      <fieldset className="mt-2 grid gap-1">
        <legend className="sr-only">Items for this customer</legend>
        {items.map((item, index) => (
          <label key={item.id} className="flex min-h-9 items-center gap-3">
            <input
              type="checkbox"
              name="itemId"
              value={item.id}
              defaultChecked={ticked ? ticked.includes(item.id) : true}
            />
            <span>
              {index + 1}. {item.quantity > 1 ? `${item.quantity} × ` : ''}
              {item.name}
            </span>
          </label>
        ))}
      </fieldset>
      {error && <p className="text-sm text-bad">{error}</p>}
    </More>
  )
}
