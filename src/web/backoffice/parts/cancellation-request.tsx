// A customer's wish to cancel a licence, and the seller's decision: both ways are asked about first, because the one cannot be taken back once
// the vendor has agreed, and the other is read by the customer.
import { Form } from 'react-router'
import { Actions, Submit } from '#web/ui/button.tsx'
import { ConfirmButton, Dialog } from '#web/ui/dialog.tsx'
import { FormScope, TextArea } from '#web/ui/field.tsx'
import { type FormState, stateFor } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card } from '#web/ui/page.tsx'
import { State } from './state.tsx'
import { UndoCancellation } from './undo-cancellation.tsx'

export type CancellationRequestShown = {
  readonly id: string
  readonly state: string
  readonly comment: string
  readonly answer: string
  readonly by: string
  readonly at: string
  readonly mayUndo: boolean
}

export function CancellationRequest({
  request,
  licence,
  mayDecide,
  credit,
  state,
}: {
  request: CancellationRequestShown
  licence: string
  mayDecide: boolean
  /** What comes back, in words. */
  credit: string
  state: FormState | undefined
}) {
  const isMine = state?.values['requestId'] === request.id
  return (
    <Card title="Cancellation request" actions={<State>{request.state}</State>}>
      <p>
        {request.comment || 'No comment.'}
        <span className="block text-muted">
          {request.by} · {request.at}
        </span>
      </p>
      {request.answer && <p>Answer: {request.answer}</p>}
      {request.mayUndo && <UndoCancellation />}
      {request.state === 'requested' && mayDecide && (
        <>
          {isMine && <FormNotice state={stateFor(state, 'send') ?? stateFor(state, 'decline')} />}
          <Actions>
            <Form method="post" className="inline-flex">
              <input type="hidden" name="requestId" value={request.id} />
              <ConfirmButton
                button="Send to vendor"
                title={`Cancel licence ${licence}`}
                question={`The vendor is asked to take it back. If it agrees, the licence is cancelled and ${credit}. The customer is told what came of it.`}
                ok="Send to vendor"
                value="send"
              />
            </Form>
            <Decline request={request} state={isMine ? stateFor(state, 'decline') : undefined} />
          </Actions>
        </>
      )}
    </Card>
  )
}

function Decline({ request, state }: { request: CancellationRequestShown; state: FormState | undefined }) {
  return (
    <Dialog button="Decline" title="Decline the cancellation?">
      {() => (
        <FormScope name={request.id}>
          <Form method="post" className="grid gap-4">
            <input type="hidden" name="requestId" value={request.id} />
            <p className="text-muted">
              The licence stays as it is and nothing is credited. The customer is told, with the reason.
            </p>
            <TextArea
              label="Reason"
              name="answer"
              rows={3}
              required
              maxLength={500}
              hint="The customer reads it."
              state={state}
            />
            <div className="flex justify-end">
              <Submit name="intent" value="decline">
                Decline the cancellation
              </Submit>
            </div>
          </Form>
        </FormScope>
      )}
    </Dialog>
  )
}
