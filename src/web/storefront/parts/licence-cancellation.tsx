import { Form } from 'react-router'
import type { LicencePage } from '#web/storefront/licence-shown.ts'
import { type FormState, typedIn } from '../form-state.ts'
import { Actions, Badge, Card, FormNotice, muted, SmallButton, Submit, TextArea } from './kit.tsx'

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
        <details open={Boolean(state)}>
          <summary className="cursor-pointer font-medium">Request cancellation</summary>
          <Form method="post" className="mt-3 grid gap-3" preventScrollReset>
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
        </details>
      ) : (
        licence.notReturnableBecause && <p className={`text-sm ${muted}`}>{licence.notReturnableBecause}</p>
      )}
    </Card>
  )
}
