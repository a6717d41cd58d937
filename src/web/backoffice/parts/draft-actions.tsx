// What can be done to a draft on its page, and what somebody decides before one below cost is submitted.
import { Form } from 'react-router'
import { Actions, Button, LinkButton, PostButton } from '#web/ui/button.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { Field } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { Notice } from '#web/ui/notice.tsx'
import { Card } from '#web/ui/page.tsx'
import { ConfirmForm } from './confirm-form.tsx'

export function DraftActions({ id, number, mayCancel }: { id: string; number: string; mayCancel: boolean }) {
  return (
    <>
      {mayCancel && (
        <ConfirmForm>
          <ConfirmButton
            button="Cancel draft"
            tone="plain"
            title={`Cancel draft ${number}`}
            question="Nobody was told of it. A cancelled draft cannot be taken up again."
            ok="Cancel draft"
            value="cancel"
          />
        </ConfirmForm>
      )}
      <LinkButton to={`/orders/${id}/edit`} tone="plain">
        Edit
      </LinkButton>
      <PostButton intent="submit" tone="primary">
        Submit
      </PostButton>
    </>
  )
}

export function SubmitDecision({ state, mayApprove }: { state: FormState | undefined; mayApprove: boolean }) {
  if (state?.code !== 'price/below-cost') return null
  if (!mayApprove)
    return (
      <Notice tone="warning">
        Below cost an order is submitted only by somebody who has the right to approve it, an administrator
        for example. It stays a draft.
      </Notice>
    )
  return (
    <Card title="Sell below cost">
      <Form method="post" className="grid max-w-xl gap-4">
        <Field
          label="Reason"
          name="belowCostReason"
          hint="Kept with the order and in the audit log, with your name."
          required
          maxLength={500}
          state={state}
        />
        <Actions>
          <Button name="intent" value="submit" tone="primary">
            Approve and submit
          </Button>
        </Actions>
      </Form>
    </Card>
  )
}
