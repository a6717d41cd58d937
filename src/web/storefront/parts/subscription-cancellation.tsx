import { Form } from 'react-router'
import type { SubscriptionPage } from '#web/storefront/subscription-shown.ts'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { TextArea } from '#web/ui/field.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card } from '#web/ui/page.tsx'
import { muted } from '#web/ui/tone.ts'
import { type FormState, typedIn } from '../form-state.ts'
import { DeadlineClock } from './deadline-clock.tsx'
import { More } from './more.tsx'

/** Cancelling within the window (product.md S9): how long it is open, and what comes back, before anybody confirms. */
export function SubscriptionCancellation({
  page,
  state,
}: {
  page: SubscriptionPage
  state: FormState | undefined
}) {
  const { clock, may, reason, refund } = page.cancellation
  if (!may || !refund)
    return reason ? (
      <Card title="Cancellation">
        <p className={`text-sm ${muted}`}>{reason}</p>
      </Card>
    ) : null
  return (
    <Card title="Cancellation">
      {clock && <DeadlineClock clock={clock} />}
      <div className="grid gap-1 rounded-lg bg-sunken px-3.5 py-3">
        <p className="flex items-baseline justify-between gap-4">
          <span className="text-sm">If you cancel now, you get back</span>
          <strong className="text-lg tabular-nums">{refund.amount}</strong>
        </p>
        <p className={`text-sm ${muted}`}>{refundWords(refund)}</p>
      </div>
      <More title="Cancel the subscription" isOpen={Boolean(state)}>
        <Form method="post" className="grid gap-3" preventScrollReset>
          <FormNotice state={state} />
          <input type="hidden" name="refund" value={refund.seen} />
          <TextArea
            label="Comment"
            name="comment"
            isOptional
            rows={2}
            maxLength={500}
            defaultValue={typedIn(state, 'comment')}
          />
          <ConfirmButton
            button="Cancel it…"
            tone="danger"
            title={`Cancel ${page.name}?`}
            question={`All ${page.quantity === 1 ? 'of it' : `${page.quantity} licences`} for ${page.customer}, at once. You get back ${refund.amount}, excl. VAT, as a credit invoice. This cannot be undone.`}
            ok="Yes, cancel it"
            value="cancel"
          />
        </Form>
      </More>
    </Card>
  )
}

function refundWords({ isNothing, days }: NonNullable<SubscriptionPage['cancellation']['refund']>): string {
  if (days) return `For ${days.remaining} of ${days.of} days, excl. VAT, of what has been invoiced.`
  return isNothing ? 'Nothing has been invoiced yet.' : 'Everything that has been invoiced, excl. VAT.'
}
