"""A workbook or CSV files that people fill in, read against a contract of sheets and columns.

``contract`` says what a file may hold; ``template`` shows it to people; ``reading`` opens a file
whoever wrote it; ``checking`` sorts its rows; ``rejected`` writes back those that cannot enter;
``stored`` is the form in which accepted rows are kept. A new sheet is a contract, nothing else.
"""
