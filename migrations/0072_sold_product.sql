-- Invoices are narrowed to those with a product on them, which the dashboard's bars lead to: of a product that is sold rarely its orders are
-- found by this; one that is sold often is on one of the next invoices anyway.
create index order_item_product on order_item (product_id, order_id);
