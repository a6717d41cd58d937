// The picture of a product or of a product group, with what changes it.
import { Form, useHref } from 'react-router'
import { Actions, Button } from '#web/ui/button.tsx'
import { Field } from '#web/ui/field.tsx'
import type { FormState } from '#web/ui/form-state.ts'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card } from '#web/ui/page.tsx'

export function PictureCard({
  name,
  path,
  changed,
  hasPicture,
  state,
}: {
  name: string
  /** Where the picture is. */
  path: string
  /** Of the last change: another picture has another address. */
  changed: string
  hasPicture: boolean
  state: FormState | undefined
}) {
  const picture = useHref(`${path}?v=${changed}`)
  return (
    <Card title="Picture">
      <FormNotice state={state} />
      {hasPicture ? (
        <img src={picture} alt={name} className="max-h-48 w-full rounded-lg bg-white object-contain p-3" />
      ) : (
        <p className="text-muted">No picture yet. The shop draws one from the name.</p>
      )}
      <Form method="post" encType="multipart/form-data" className="grid gap-3">
        <Field
          key={changed}
          label="Picture file"
          name="picture"
          type="file"
          accept="image/png,image/jpeg,image/webp"
          hint="PNG, JPEG or WebP, at most 2 MB"
          state={state}
        />
        <Actions>
          <Button name="intent" value="picture">
            Upload
          </Button>
          {hasPicture && (
            <Button name="intent" value="remove-picture" tone="quiet">
              Remove the picture
            </Button>
          )}
        </Actions>
      </Form>
    </Card>
  )
}
