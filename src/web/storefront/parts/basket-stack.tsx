import { Form, Link } from 'react-router'
import type { StackRow } from '#web/storefront/shown.ts'
import { SmallButton } from '#web/ui/button.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { muted } from '#web/ui/tone.ts'
import { More } from './more.tsx'
import { ProductPicture } from './product-grid.tsx'

/** N licences of one plan: one stack that opens to its items, each removable by itself (product.md E2, E3). */
export function BasketStackCard({ stack, basketId }: { stack: StackRow; basketId: string }) {
  const { items } = stack
  return (
    <article className="grid gap-3 card p-4 sm:p-5" aria-label={stack.name}>
      <header className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="w-14 shrink-0">
          <ProductPicture name={stack.name} picture={stack.picture} size="small" />
        </div>
        <div className="min-w-0 flex-1">
          <h2 className="font-medium">
            {stack.quantity} ×{' '}
            {stack.productId ? <Link to={`/products/${stack.productId}`}>{stack.name}</Link> : stack.name}
          </h2>
          <p className={`text-sm ${muted}`}>
            {stack.variant} · {stack.sku}
          </p>
        </div>
        <p className="max-sm:w-full sm:text-right">
          <strong className="tabular-nums">{stack.total}</strong>
          {stack.price && <span className={`block text-sm ${muted}`}>{stack.price} each, excl. VAT</span>}
          {stack.priceBefore && stack.price && (
            <span className="block text-sm">
              was <s>{stack.priceBefore}</s>
            </span>
          )}
        </p>
      </header>
      {stack.note && !stack.trouble && <p className={`text-sm ${muted}`}>{stack.note}</p>}
      {stack.trouble && <Notice tone="danger">{stack.trouble}</Notice>}
      {stack.isEsd && items.length > 1 && (
        <More title={`Show the ${items.length} licences`}>
          <ol className="grid">
            {items.map((item, index) => (
              <li
                key={item.id}
                className="flex items-center justify-between gap-4 border-t border-line py-2 text-sm"
              >
                <span>
                  Licence {index + 1} of {items.length}
                  {item.customer ? <span className={muted}> · for {item.customer}</span> : null}
                </span>
                <Form method="post" preventScrollReset>
                  <input type="hidden" name="basketId" value={basketId} />
                  <input type="hidden" name="itemId" value={item.id} />
                  <SmallButton
                    name="intent"
                    value="remove"
                    aria-label={`Remove licence ${index + 1} of ${items.length}: ${stack.name}`}
                  >
                    Remove
                  </SmallButton>
                </Form>
              </li>
            ))}
          </ol>
        </More>
      )}
      <Form method="post" className="flex flex-wrap items-end gap-2" preventScrollReset>
        <input type="hidden" name="basketId" value={basketId} />
        {items.map((item) => (
          <input key={item.id} type="hidden" name="itemId" value={item.id} />
        ))}
        {!stack.isEsd && (
          <label className="grid gap-1 text-sm">
            Quantity
            <input
              type="number"
              name="quantity"
              min={stack.least}
              max={stack.most}
              defaultValue={stack.quantity}
              className="input w-24"
            />
          </label>
        )}
        <SmallButton name="intent" value="change" aria-label={`Change ${stack.name}`}>
          Change
        </SmallButton>
        <SmallButton
          name="intent"
          value="remove"
          aria-label={items.length > 1 ? `Remove all ${items.length} ${stack.name}` : `Remove ${stack.name}`}
        >
          {items.length > 1 ? `Remove all ${items.length}` : 'Remove'}
        </SmallButton>
      </Form>
    </article>
  )
}
