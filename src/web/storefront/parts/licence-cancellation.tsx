import { Form } from 'react-router'
import type { LicencePage } from '#web/storefront/licence-shown.ts'
import { Badge } from '#web/ui/badge.tsx'
import { Actions, SmallButton, Submit } from '#web/ui/button.tsx'
import { TextArea } from '#web/ui/field.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card } from '#web/ui/page.tsx'
import { muted } from '#web/ui/tone.ts'
import { type FormState, typedIn } from '../form-state.ts'
import { More } from './more.tsx'

/** Asking to give a licence back (product.md E12): a wish, withdrawable until it is decided. */
export function LicenceCancellation({
  licence,
  state,
}: {
  licence: LicencePage
  state: FormState | undefined
}) {
  return (
    <Card title="Cancellation">
      {licence.requests.length > 0 && (
        <ol className="grid gap-3">
          {licence.requests.map((request) => (
            <li key={request.id} className="grid gap-2 text-sm">
              <span className="flex flex-wrap items-center justify-between gap-2">
                <span className={muted}>
                  {request.at}
                  {request.by ? `, ${request.by}` : ''}
                </span>
                <Badge tone={request.state.tone}>{request.state.text}</Badge>
              </span>
              {request.comment && <q>{request.comment}</q>}
              {request.answer && <p>{request.answer}</p>}
              {request.mayWithdraw && (
                <Form method="post" preventScrollReset>
                  <input type="hidden" name="requestId" value={request.id} />
                  <SmallButton name="intent" value="withdraw">
                    Withdraw the request
                  </SmallButton>
                </Form>
              )}
            </li>
          ))}
        </ol>
      )}
      {licence.may.cancel ? (
        <More title="Request cancellation" isOpen={Boolean(state)}>
          <Form method="post" className="grid gap-3" preventScrollReset>
            <FormNotice state={state} />
            <p className={`text-sm ${muted}`}>
              Only an unused licence can be given back
              {licence.returnableUntil && `, until ${licence.returnableUntil}`}. If the vendor agrees, you are
              credited in full.
            </p>
            <TextArea
              label="Comment"
              name="comment"
              maxLength={500}
              defaultValue={typedIn(state, 'comment')}
            />
            <Actions>
              <Submit name="intent" value="cancel">
                Send the request
              </Submit>
            </Actions>
          </Form>
        </More>
      ) : (
        licence.notReturnableBecause && <p className={`text-sm ${muted}`}>{licence.notReturnableBecause}</p>
      )}
    </Card>
  )
}
