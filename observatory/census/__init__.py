"""The census of establishments: its contract, its template, its check, its store.

``contract`` says what a file may hold; ``template`` and ``manual`` show it to people; ``reading``
opens a file whoever wrote it; ``checking`` sorts its rows; ``store`` keeps those that are accepted.
"""
