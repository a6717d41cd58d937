-- A plan says how many licences of it may be bought at once; what it says is checked where it is bought. Here stands no more than what no
-- plan can say (plan_max_quantity_check).
alter table basket_item drop constraint basket_item_quantity_check;
alter table basket_item add constraint basket_item_quantity_check check (quantity between 1 and 100000);
