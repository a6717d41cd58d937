// The items of an order that could not be delivered: why, and what can be done about each.
import { Form } from 'react-router'
import { LinkButton, PostButton, Submit } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { Field, FormScope } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card } from '#web/ui/page.tsx'

export type FailedItem = {
  readonly id: string
  readonly kind: 'licence' | 'subscription'
  readonly recordId: string
  readonly number: string
  readonly name: string
  readonly net: string
  readonly reason: string
  /** Trying again needs a decision, which is made on its own page. */
  readonly isToDecide: boolean
}

const places = { licence: '/assets', subscription: '/subscriptions' } as const

export function FailedItems({
  order,
  state,
}: {
  order: {
    readonly failed: readonly FailedItem[]
    readonly mayRetryLicences: boolean
    readonly mayRepair: boolean
    readonly mayReplace: boolean
  }
  state: FormState | undefined
}) {
  if (order.failed.length === 0) return null
  const skipping = state?.intent === 'skip' ? state : undefined
  const count = order.failed.length
  return (
    <Card title={count === 1 ? 'One item needs a hand' : `${count} items need a hand`}>
      <FormNotice state={skipping} />
      <ul className="grid divide-y divide-line">
        {order.failed.map((item) => {
          const fields = { item: `${item.kind} ${item.recordId}` }
          return (
            <li key={item.id} className="grid gap-2 py-3 first:pt-0 last:pb-0">
              <p>
                <strong className="font-medium">{item.number}</strong> {item.name}
                <span className="text-muted"> · {item.net}</span>
              </p>
              <p className="text-bad">{item.reason}</p>
              <div className="flex flex-wrap gap-2">
                {(item.kind === 'licence' ? order.mayRetryLicences : order.mayRepair) &&
                  (item.isToDecide ? (
                    <LinkButton
                      to={`${places[item.kind]}/${item.recordId}`}
                      size="small"
                      tone="plain"
                      aria-label={`Decide on ${item.number}`}
                    >
                      Decide…
                    </LinkButton>
                  ) : (
                    <PostButton
                      intent="retry"
                      size="small"
                      fields={fields}
                      aria-label={`Retry ${item.number}`}
                    >
                      Retry
                    </PostButton>
                  ))}
                {order.mayReplace && (
                  <LinkButton
                    to={`${places[item.kind]}/${item.recordId}/replace`}
                    size="small"
                    tone="plain"
                    aria-label={`Replace ${item.number}`}
                  >
                    Replace…
                  </LinkButton>
                )}
                {order.mayRepair && (
                  <Dialog
                    button="Skip…"
                    label={`Skip ${item.number}`}
                    size="small"
                    title={`Give up on ${item.number}?`}
                  >
                    {() => (
                      <FormScope name={item.id}>
                        <Form method="post" className="grid gap-4">
                          <input type="hidden" name="item" value={fields.item} />
                          <p className="text-muted">
                            The order is complete without it. It is not delivered any more and never charged;
                            the customer is told, with the reason.
                          </p>
                          <Field
                            label="Reason"
                            name="reason"
                            required
                            maxLength={500}
                            hint="The customer reads it."
                          />
                          <div className="flex justify-end">
                            <Submit name="intent" value="skip">
                              Give it up
                            </Submit>
                          </div>
                        </Form>
                      </FormScope>
                    )}
                  </Dialog>
                )}
              </div>
            </li>
          )
        })}
      </ul>
    </Card>
  )
}
