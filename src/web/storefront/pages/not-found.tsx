import type { LoaderFunctionArgs } from 'react-router'
import { Refusal } from '#kernel/failure.ts'
import { visitorOf } from '#web/storefront/visitor.ts'

/** Every address nobody knows; the error page says so in the shop's frame. */
export function loader(args: LoaderFunctionArgs): never {
  visitorOf(args)
  throw new Refusal('page/not-found', 'This page does not exist. Perhaps the address has a typing mistake.')
}

export default function NotFound() {
  return null
}
