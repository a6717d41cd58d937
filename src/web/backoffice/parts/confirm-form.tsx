import type { ReactNode } from 'react'
import { Form } from 'react-router'

/** Around a ConfirmButton that sends nothing but itself. */
export function ConfirmForm({ children }: { children: ReactNode }) {
  return (
    <Form method="post" className="inline-flex">
      {children}
    </Form>
  )
}
