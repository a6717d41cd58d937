// The end of a price rule: its last day, and what happens afterwards. What has not begun is removed.
import { Form } from 'react-router'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { Field, FormScope } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { Fold } from '#web/ui/page.tsx'

export function EndRule({
  version,
  isPlanned,
  what,
  consequence,
  state,
}: {
  version: number
  isPlanned: boolean
  /** rate, price list, rule, … */
  what: string
  consequence: string
  state: FormState | undefined
}) {
  return (
    <Fold title={isPlanned ? `Remove this ${what}` : `End this ${what}`} isOpen={state !== undefined}>
      <FormScope name="end">
        <Form method="post" className="grid max-w-xl gap-4">
          <input type="hidden" name="version" value={version} />
          <p className="text-muted">{isPlanned ? `It has not begun: nothing is left of it.` : consequence}</p>
          {!isPlanned && (
            <Field
              label="Last day"
              name="lastDay"
              type="date"
              isOptional
              hint="Today if left blank."
              state={state}
            />
          )}
          <div>
            <ConfirmButton
              button={isPlanned ? 'Remove' : 'End it'}
              tone="danger"
              title={isPlanned ? `Remove this ${what}` : `End this ${what}`}
              question={isPlanned ? 'Nothing is left of it.' : consequence}
              ok={isPlanned ? 'Remove' : 'End it'}
              value="end"
            />
          </div>
        </Form>
        {!isPlanned && (
          <Form method="post" className="mt-4">
            <input type="hidden" name="version" value={version} />
            <input type="hidden" name="lastDay" value="at-once" />
            <ConfirmButton
              button="End at once"
              tone="danger"
              title={`End this ${what} at once`}
              question={`It holds no longer from this moment on. ${consequence}`}
              ok="End it now"
              value="end"
            />
          </Form>
        )}
      </FormScope>
    </Fold>
  )
}
