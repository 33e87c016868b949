create schema bare;
create table bare.lines (id int primary key, text text not null);
