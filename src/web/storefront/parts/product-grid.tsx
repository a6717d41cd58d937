import { Link } from 'react-router'
import type { ProductCard } from '#web/storefront/shown.ts'
import { muted } from '#web/ui/tone.ts'

/** A product without a picture gets a tile of its own: its initials on one of six quiet grounds, always the same one. */
const grounds = [
  'from-[#dfe7ff] to-[#b9c8ff] text-[#22306e]',
  'from-[#d9f3ea] to-[#a9e0cc] text-[#12483a]',
  'from-[#fdeacb] to-[#f7cf92] text-[#5b3806]',
  'from-[#f9dfe8] to-[#efb6c9] text-[#6b1836]',
  'from-[#e6e0fb] to-[#c8bbf4] text-[#3b2a7c]',
  'from-[#d7eef8] to-[#a6d5ee] text-[#103f5c]',
]

function groundOf(name: string): string {
  const sum = [...name].reduce((total, letter) => (total * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7)
  return grounds[sum % grounds.length] ?? ''
}

/** `Office Home & Business 2024` is OHB over 2024, `Microsoft 365 Family` M365F. */
function initialsOf(name: string): { letters: string; year: string | undefined } {
  const words = name.split(/\s+/).filter((word) => /^[\p{L}\d]/u.test(word))
  const year = words.find((word) => /^\d{4}$/.test(word))
  const short = words.filter((word) => word !== year).slice(0, 3)
  return {
    letters: short.map((word) => (/^\d{1,3}$/.test(word) ? word : (word[0]?.toUpperCase() ?? ''))).join(''),
    year,
  }
}

export function ProductPicture({
  name,
  picture,
  isLarge = false,
}: {
  name: string
  picture: string | undefined
  isLarge?: boolean
}) {
  const frame = `w-full rounded-lg object-cover ${isLarge ? 'aspect-[2/1]' : 'aspect-[5/3]'}`
  if (picture) return <img src={picture} alt="" className={frame} loading={isLarge ? 'eager' : 'lazy'} />
  const { letters, year } = initialsOf(name)
  return (
    <div aria-hidden="true" className={`grid place-items-center bg-linear-to-br ${groundOf(name)} ${frame}`}>
      <span className="grid justify-items-center gap-1.5">
        <span className={`leading-none font-semibold tracking-tight ${isLarge ? 'text-6xl' : 'text-4xl'}`}>
          {letters}
        </span>
        {year && (
          <span className={`leading-none font-medium ${isLarge ? 'text-xl' : 'text-sm'}`}>{year}</span>
        )}
      </span>
    </div>
  )
}

export function ProductGrid({ products }: { products: readonly ProductCard[] }) {
  return (
    <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3 xl:grid-cols-4">
      {products.map((product) => (
        <li
          key={product.id}
          className="card group relative grid content-start gap-3 p-3 hover:border-line-strong has-focus-visible:outline-2 has-focus-visible:outline-brand-text"
        >
          <ProductPicture name={product.name} picture={product.picture} />
          <div className="grid gap-1 px-1">
            <h3 className="font-medium">
              <Link to={`/products/${product.id}`} className="outline-none after:absolute after:inset-0">
                {product.name}
              </Link>
            </h3>
            {product.summary && <p className="line-clamp-2 text-sm text-muted">{product.summary}</p>}
          </div>
          <p className="mt-auto px-1 pb-1">
            {product.isFrom && <span className="text-sm text-muted">from </span>}
            <strong className="tabular-nums">{product.price}</strong>
            <span className="text-xs text-muted"> excl. VAT</span>
          </p>
        </li>
      ))}
    </ul>
  )
}
