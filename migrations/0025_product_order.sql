-- The shop shows products in the seller's order, equal places by name: a page of them is read from an index.
create index product_shown on product (position, lower(name), id) where is_published;
