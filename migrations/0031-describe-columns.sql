-- JSON: what people said of the table's columns, by column name. What its source says stands with its state; null: nobody said anything.
alter table tables add column column_descriptions text;
