import { Field, TextArea } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'

/** The seller's words for a product or a product group. */
export function WordingFields({
  words,
  nameHint,
  state,
}: {
  words?: { readonly name: string; readonly summary: string; readonly description: string }
  nameHint?: string
  state: FormState | undefined
}) {
  return (
    <>
      <Field label="Name" name="name" defaultValue={words?.name} hint={nameHint} state={state} />
      <TextArea label="Summary" name="summary" defaultValue={words?.summary ?? ''} rows={2} state={state} />
      <TextArea
        label="Description"
        name="description"
        defaultValue={words?.description ?? ''}
        rows={8}
        state={state}
      />
    </>
  )
}

/** Where it stands in the shop, among products and product groups. */
export function PositionField({ position, state }: { position: string; state: FormState | undefined }) {
  return (
    <Field
      label="Place in the shop"
      name="position"
      inputMode="numeric"
      defaultValue={position}
      hint="Lower numbers come first; equal ones in the order of their names."
      state={state}
    />
  )
}
