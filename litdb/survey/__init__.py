"""Surveys: a field searched in stages. A question in several formulations, candidates ranked with the reason, screened by people.

On the api and below: what is found and decided is stored through it.
"""
