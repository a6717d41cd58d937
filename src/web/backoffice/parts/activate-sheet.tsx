import { Form } from 'react-router'
import type { ActivationShown } from '#web/backoffice/activation-shown.ts'
import { Button } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'
import { Checkbox } from '#web/ui/field.tsx'
import { Notice } from '#web/ui/notice.tsx'

/** Says what activating a release will do; what is lost stands out, and has to be agreed to by itself. */
export function ActivateSheet({ title, activation: it }: { title: string; activation: ActivationShown }) {
  return (
    <Form method="post" className="inline-flex">
      <Dialog button="Activate" tone="primary" title={`Activate ${title}?`}>
        {(close) => (
          <>
            <p className="text-muted">
              All its prices hold from this moment on. Orders that were placed keep theirs.
            </p>
            {it.does.length > 0 && (
              <ul className="list-disc space-y-1 pl-5">
                {it.does.map((each) => (
                  <li key={each}>{each}</li>
                ))}
              </ul>
            )}
            {it.notKnown && <Notice tone="warning">{it.notKnown}</Notice>}
            {it.lost.length > 0 && (
              <Notice tone="danger" title="What is lost">
                <ul className="list-disc space-y-1 pl-5">
                  {it.lost.map((each) => (
                    <li key={each}>{each}</li>
                  ))}
                </ul>
              </Notice>
            )}
            {it.faultCount > 0 && <input type="hidden" name="leavingOut" value={it.faultCount} />}
            {it.consent && <Checkbox name="confirmsLosses" value="yes" required label={it.consent} />}
            <div className="flex flex-wrap justify-end gap-2">
              <Button type="button" tone="quiet" onClick={close}>
                Not now
              </Button>
              <Button
                tone={it.consent ? 'danger' : 'primary'}
                name="intent"
                value="activate"
                onClick={(event) => {
                  if (event.currentTarget.form?.checkValidity()) setTimeout(close)
                }}
              >
                {it.ok}
              </Button>
            </div>
          </>
        )}
      </Dialog>
    </Form>
  )
}
