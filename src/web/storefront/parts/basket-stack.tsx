import { Form, Link } from 'react-router'
import type { PriceNote, StackRow } from '#web/storefront/shown.ts'
import { LinkButton, SmallButton } from '#web/ui/button.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { muted } from '#web/ui/tone.ts'
import { WhyPrice } from '#web/ui/why-price.tsx'
import { More } from './more.tsx'
import { ProductPicture } from './product-grid.tsx'

/** N licences of one plan: one stack that opens to its items, each removable by itself (product.md E2, E3). Software is one item. */
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
            {stack.quantity} × {stack.to ? <Link to={stack.to}>{stack.name}</Link> : stack.name}
          </h2>
          <p className={`text-sm ${muted}`}>
            {stack.isEsd ? `${stack.variant} · ${stack.sku}` : stack.variant}
          </p>
          {!stack.isEsd && items[0]?.customer && (
            <p className="text-sm">
              For <strong className="font-medium">{items[0].customer}</strong>
            </p>
          )}
        </div>
        <p className="max-sm:w-full sm:text-right">
          <strong className="tabular-nums">{stack.total}</strong>
          {stack.price && (
            <span className={`block text-sm ${muted}`}>
              {stack.price} {stack.each}, excl. VAT
            </span>
          )}
          {stack.priceBefore && stack.price && (
            <span className="block text-sm">
              was <s>{stack.priceBefore}</s>
            </span>
          )}
        </p>
      </header>
      {stack.note && !stack.trouble && <PriceNoteLine note={stack.note} />}
      {stack.payments && <p className={`text-sm ${muted}`}>{stack.payments}.</p>}
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
      <WhyPrice steps={stack.why} of={stack.name} />
      <Form method="post" className="flex flex-wrap items-end gap-2" preventScrollReset>
        <input type="hidden" name="basketId" value={basketId} />
        {items.map((item) => (
          <input key={item.id} type="hidden" name="itemId" value={item.id} />
        ))}
        {stack.isEsd ? (
          <SmallButton name="intent" value="change" aria-label={`Change ${stack.name}`}>
            Change
          </SmallButton>
        ) : (
          <LinkButton
            to={`/basket/items/${stack.key}`}
            tone="plain"
            size="small"
            aria-label={`Change ${stack.name}`}
          >
            Change
          </LinkButton>
        )}
        {stack.isUnpriced && items[0]?.customer && (
          <SmallButton
            name="intent"
            value="unassign"
            aria-label={`Choose another customer for ${stack.name}`}
          >
            Choose another customer
          </SmallButton>
        )}
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

/** An indicative price says for whom; the right one how it differs from it. */
export function PriceNoteLine({ note }: { note: PriceNote }) {
  return (
    <p className="rounded-lg bg-note-soft px-3.5 py-2 text-sm">
      {note.kind === 'indicative' && <strong className="font-medium text-note">Indicative price </strong>}
      {note.text}
    </p>
  )
}
