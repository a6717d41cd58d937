-- The languages in which words came with the system. They come once: what the seller takes away stays away.
alter table notification add column came_in text[] not null default '{}';
