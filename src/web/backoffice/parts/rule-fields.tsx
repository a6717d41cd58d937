// Fields that price rules have in common: the days they hold, and the approval to sell below cost.
import { Field } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { FieldGrid } from '#web/ui/page.tsx'

export function ValidityFields({
  known,
  state,
}: {
  known: { readonly validFrom: string; readonly validTo?: string | undefined }
  state: FormState | undefined
}) {
  return (
    <FieldGrid>
      <Field label="Valid from" name="validFrom" type="date" defaultValue={known.validFrom} state={state} />
      <Field
        label="Until"
        name="validTo"
        type="date"
        isOptional
        defaultValue={known.validTo}
        hint="Its last day; blank: until further notice."
        state={state}
      />
    </FieldGrid>
  )
}

export type Approval = { readonly by: string; readonly at: string; readonly reason: string }

/** A standing approval holds for what it was given for: a change of the rule needs it again. */
export function BelowCostField({
  approval,
  mayApprove,
  state,
}: {
  approval: Approval | undefined
  mayApprove: boolean
  state: FormState | undefined
}) {
  if (!mayApprove)
    return (
      <p className="text-muted">
        {approval
          ? `Below cost approved by ${approval.by} on ${approval.at}: ${approval.reason}. A change of the rule withdraws it.`
          : 'Where this leads below cost, orders need an approval. Somebody with that right can give it here.'}
      </p>
    )
  return (
    <Field
      label="May sell below cost, because"
      name="belowCost.reason"
      isOptional
      maxLength={500}
      defaultValue={approval?.reason ?? ''}
      hint={
        approval
          ? `Approved by ${approval.by} on ${approval.at}. Blank withdraws it.`
          : 'Blank: where it leads below cost, every order needs an approval of its own.'
      }
      state={state}
    />
  )
}
