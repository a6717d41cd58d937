import { Link } from 'react-router'
import type { ProductCard } from '#web/storefront/shown.ts'
import { muted } from '#web/ui/tone.ts'

/** A product without a picture gets a tile of its own: its initials on one of six quiet grounds, always the same one. */
const grounds = [
  'from-[light-dark(#dfe7ff,#1b2550)] to-[light-dark(#b9c8ff,#2b3a7d)] text-[light-dark(#22306e,#c6d2ff)]',
  'from-[light-dark(#d9f3ea,#10322a)] to-[light-dark(#a9e0cc,#1b5243)] text-[light-dark(#12483a,#b2e8d5)]',
  'from-[light-dark(#fdeacb,#3b2a0e)] to-[light-dark(#f7cf92,#61461a)] text-[light-dark(#5b3806,#f8d9a8)]',
  'from-[light-dark(#f9dfe8,#43192a)] to-[light-dark(#efb6c9,#6a2c44)] text-[light-dark(#6b1836,#f5c4d5)]',
  'from-[light-dark(#e6e0fb,#2a2354)] to-[light-dark(#c8bbf4,#43387f)] text-[light-dark(#3b2a7c,#d5ccfa)]',
  'from-[light-dark(#d7eef8,#112f40)] to-[light-dark(#a6d5ee,#1e4d67)] text-[light-dark(#103f5c,#b5def2)]',
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
